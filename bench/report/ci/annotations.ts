/**
 * Commands for GitHub's runner, which shows them at the source lines. See "Workflow commands for
 * GitHub Actions", `error`.
 */
import { workflowProperty, workflowText } from '../shared/escape.ts';
import { failing, type CiReport } from './ci-report.ts';

/** An error for each problem of a case that failed or could not be judged. */
export function githubAnnotations({ command, suites }: CiReport): string[] {
  return suites.flatMap(({ name: suite, cases }) =>
    cases.filter(failing).flatMap(({ name, problems }) =>
      problems.map(({ text, place }) => {
        const at = place ? `file=${workflowProperty(place.file)},line=${place.line},` : '';
        return `::error ${at}title=ssebench ${command}::${workflowText(`${suite}, ${name}: ${text}`)}`;
      }),
    ),
  );
}
