/** The columns of a table of figures, and the notes below it. */
import type { Metric } from '../../metrics/metric.ts';
import type { ServerSummary } from '../../metrics/summary.ts';
import type { RunResult } from '../../result/run-result.ts';
import { eventNotes, type Conditions } from './event-notes.ts';
import { inALine } from './format.ts';
import { tooFewNotes } from './too-few.ts';

/** The parts of a result that decide which figures only Linux would have reported. */
export type OnSystem = Pick<RunResult, 'environment' | 'scenario' | 'rounds'>;

/** The metrics that at least one server has, or would have on Linux. */
export const knownOf = (
  columns: readonly Metric[],
  summaries: readonly ServerSummary[],
  result: OnSystem,
): Metric[] =>
  columns.filter(
    (metric) =>
      summaries.some(({ figures }) => figures.get(metric.name) !== undefined) ||
      isLeftToLinux(metric, result),
  );

/** The platforms of Node, except Linux. */
const otherSystems = /^(aix|android|darwin|freebsd|openbsd|sunos|win32) /;

/** Whether a figure is missing because the run was on another system. */
function isLeftToLinux(
  { needsLinux, needs = [], only }: Metric,
  { environment, scenario, rounds }: OnSystem,
): boolean {
  const measured = rounds.filter((round) => round.state === 'measured');
  return (
    needsLinux === true &&
    otherSystems.test(environment.platform) &&
    (only !== 'slow readers' || scenario.slowReaders > 0) &&
    measured.some(({ process }) => !needs.includes('process') || process !== null)
  );
}

/** A note on the dashes of figures that only Linux reports; empty if there are none. */
export function linuxNote(columns: readonly Metric[], result: OnSystem): string[] {
  const labels = columns.filter((each) => isLeftToLinux(each, result)).map(({ label }) => label);
  return labels.length === 0
    ? []
    : [`– for ${inALine(labels)}: ${labels.length === 1 ? 'needs' : 'need'} Linux.`];
}

/** Explains the numbers, dashes and missing percentiles of a table. */
export function tableNotes(
  columns: readonly Metric[],
  summaries: readonly ServerSummary[],
  result: Conditions & OnSystem,
): string[] {
  const measured = summaries.filter(({ measuredRounds }) => measuredRounds > 0);
  const hasDash = measured.some(({ figures }) =>
    columns.some(
      (metric) => figures.get(metric.name) === undefined && !isLeftToLinux(metric, result),
    ),
  );
  return [
    ...basis(measured.map(({ measuredRounds }) => measuredRounds)),
    ...(hasDash ? ['–: not available for this server.'] : []),
    ...linuxNote(columns, result),
    ...tooFewNotes(columns, measured, result.scenario),
    ...eventNotes(measured, result),
  ];
}

/** The rounds that the figures come from. */
function basis(rounds: readonly number[]): string[] {
  const [least, most] = [Math.min(...rounds), Math.max(...rounds)];
  if (rounds.length === 0) return [];
  if (most === 1) return ['Figures of 1 round.'];
  return [`Median of ${least === most ? most : `${least} to ${most}`} rounds (min–max).`];
}
