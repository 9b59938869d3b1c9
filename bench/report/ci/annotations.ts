/**
 * Commands for GitHub's runner, which shows them at the source lines. See "Workflow commands for
 * GitHub Actions", `error`.
 */
import { workflowProperty, workflowText } from '../shared/escape.ts';
import { failing, type CiCase, type CiReport } from './ci-report.ts';

/**
 * An error for each problem of a case that failed or could not be judged, and a warning for what was
 * not tested.
 */
export function githubAnnotations({ command, suites }: CiReport): string[] {
  return suites.flatMap(({ name: suite, cases }) =>
    cases.filter(isShown).flatMap(({ name, state, problems }) =>
      problems.map(({ text, place }) => {
        const [level, words] =
          state === 'untested' ? ['warning', `not tested: ${text}`] : ['error', text];
        const at = place ? `file=${workflowProperty(place.file)},line=${place.line},` : '';
        return `::${level} ${at}title=ssebench ${command}::${workflowText(`${suite}, ${name}: ${words}`)}`;
      }),
    ),
  );
}

const isShown = (each: CiCase): boolean => failing(each) || each.state === 'untested';
