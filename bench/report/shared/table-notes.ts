/** The columns of a table of figures, and the notes below it. */
import type { Metric } from '../../metrics/metric.ts';
import type { ServerSummary } from '../../metrics/summary.ts';
import { eventNotes, type Conditions } from './event-notes.ts';
import { tooFewNotes } from './too-few.ts';

/** The metrics that at least one server has. */
export const knownOf = (
  columns: readonly Metric[],
  summaries: readonly ServerSummary[],
): Metric[] =>
  columns.filter(({ name }) => summaries.some(({ figures }) => figures.get(name) !== undefined));

/** Explains the numbers, dashes and missing percentiles of a table. */
export function tableNotes(
  columns: readonly Metric[],
  summaries: readonly ServerSummary[],
  conditions: Conditions,
): string[] {
  const measured = summaries.filter(({ measuredRounds }) => measuredRounds > 0);
  const hasDash = measured.some(({ figures }) =>
    columns.some(({ name }) => figures.get(name) === undefined),
  );
  return [
    ...basis(measured.map(({ measuredRounds }) => measuredRounds)),
    ...(hasDash ? ['–: not available for this server.'] : []),
    ...tooFewNotes(columns, measured, conditions.scenario),
    ...eventNotes(measured, conditions),
  ];
}

/** The rounds that the figures come from. */
function basis(rounds: readonly number[]): string[] {
  const [least, most] = [Math.min(...rounds), Math.max(...rounds)];
  if (rounds.length === 0) return [];
  if (most === 1) return ['Figures of 1 round.'];
  return [`Median of ${least === most ? most : `${least} to ${most}`} rounds (min–max).`];
}
