/**
 * The files that ssebench makes of a result: one row for each. `save.ts` writes them, the commands
 * name them, and the docs list them. To add a format, add a row here and a file that renders it.
 */
import type { RunResult } from '../result/run-result.ts';
import type { Findings } from '../verdict/findings.ts';
import { resultFile, resultJson } from './json/result-json.ts';
import { markdownReport } from './markdown/markdown.ts';
import { pageReport } from './page/page.ts';
import { inALine } from './shared/format.ts';
import { comparisonMarkdown } from './shared/results-comparison.ts';

/** Moments at which files are written, in words for the docs. */
export const moments = {
  round: 'after each round, and for a baseline',
  end: 'at the end of a run',
  report: 'by `ssebench report`',
  comparison: 'with `--baseline`',
} as const;
export type Moment = keyof typeof moments;

export interface Format {
  /** Description of its contents, for the docs. */
  name: string;
  /** File name in the folder of the result. */
  file: string;
  render(result: RunResult, findings: Findings): string;
  /** Moments at which the file is written. */
  when: readonly Moment[];
}

/**
 * In the order of writing: the measurement first, so that it is safe, and the page last. Messages
 * name the page first.
 */
export const formats: readonly Format[] = [
  {
    name: 'all measured data, as JSON',
    file: resultFile,
    render: resultJson,
    when: ['round', 'end'],
  },
  {
    name: 'all metrics with their definitions, as Markdown',
    file: 'report.md',
    render: markdownReport,
    when: ['round', 'end', 'report'],
  },
  {
    name: 'a self-contained page with charts',
    file: 'report.html',
    render: pageReport,
    when: ['end', 'report'],
  },
  {
    name: 'the comparison with a baseline, as Markdown',
    file: 'comparison.md',
    render: (_result, { againstBaseline }) => comparisonMarkdown(againstBaseline!),
    when: ['comparison'],
  },
];

export const formatsAt = (moment: Moment): Format[] =>
  formats.filter(({ when }) => when.includes(moment));

/**
 * @returns the file to open first, and the names of the others, such as `report.md and result.json`
 */
export function filesAt(moment: Moment): { first: string; others: string } {
  const [first, ...others] = formatsAt(moment)
    .map(({ file }) => file)
    .toReversed();
  return { first: first!, others: inALine(others) };
}
