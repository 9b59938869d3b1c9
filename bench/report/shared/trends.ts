/** What grows with time, in a sentence for each round that was long enough to say so. Pure. */
import type { MeasuredRound, RunResult, Timeline } from '../../result/run-result.ts';
import { trendOf, type Trend } from '../../verdict/trend.ts';
import { formatNumber } from './format.ts';

/** A round of a few seconds says nothing of an hour. */
const leastMs = 60_000;

const followed: readonly {
  what: string;
  unit: string;
  of: (sample: Timeline['samples'][number]) => number | null;
}[] = [
  { what: 'its memory', unit: 'MB', of: ({ rssBytes }) => rssBytes && rssBytes / 2 ** 20 },
  { what: 'the mean delivery', unit: 'ms', of: ({ deliveryMs }) => deliveryMs },
];

/** @returns a sentence for each round of a minute or more */
export function trendLines({ rounds }: Pick<RunResult, 'rounds'>): string[] {
  return rounds.flatMap((round) => {
    if (round.state !== 'measured' || round.durationMs < leastMs || round.counts.cut > 0) return []; // a storm is no steady state
    const trends = followed.flatMap(({ what, unit, of }) => {
      const trend = trendOf(pointsIn(round, of));
      return trend ? [`${what} ${inWords(trend, unit)}`] : [];
    });
    return trends.length > 0
      ? [`${round.server}, round ${round.round}: ${trends.join('; ')}.`]
      : [];
  });
}

/** Of the measuring alone. */
function pointsIn(
  { timeline: { phases, samples } }: MeasuredRound,
  of: (sample: Timeline['samples'][number]) => number | null,
): [number, number][] {
  const startOf = (name: string) => phases.find(({ phase }) => phase === name)?.atMs ?? Infinity;
  const [fromMs, toMs] = [startOf('measure'), startOf('disconnect')];
  return samples.flatMap((sample): [number, number][] => {
    const value = of(sample);
    return sample.atMs >= fromMs && sample.atMs <= toMs && value !== null
      ? [[sample.atMs, value]]
      : [];
  });
}

function inWords({ perHour, low, high }: Trend, unit: string): string {
  const interval = `(${formatNumber(low)} to ${formatNumber(high)})`;
  if (low <= 0 && high >= 0)
    return `does not change by more than chance would have it: ${formatNumber(perHour)} ${unit} an hour ${interval}`;
  return `${perHour > 0 ? 'grows' : 'shrinks'} by ${formatNumber(Math.abs(perHour))} ${unit} an hour ${interval}`;
}
