/** Growth over time, in each round that is long enough. Pure. */
import type { MeasuredRound, RoundResult, Timeline } from '../result/run-result.ts';
import { trendOf, type Trend } from './trend.ts';

type Sample = Timeline['samples'][number];

/** The figures followed over time, in MB and milliseconds. */
const followed = {
  memory: ({ rssBytes }: Sample) => rssBytes && rssBytes / 2 ** 20,
  delivery: ({ deliveryMs }: Sample) => deliveryMs,
} as const satisfies Record<string, (sample: Sample) => number | null>;

export interface RoundTrends {
  server: string;
  round: number;
  /** Not empty. */
  trends: (Trend & { of: keyof typeof followed })[];
}

/** A round of a few seconds does not support a statement about an hour. */
const leastMs = 60_000;

/**
 * @returns the trends of each round of at least a minute that has any; none for a storm, which is
 * not a steady state
 */
export function trendsOfRounds(rounds: readonly RoundResult[]): RoundTrends[] {
  return rounds.flatMap((round) => {
    if (round.state !== 'measured' || round.durationMs < leastMs || round.counts.cut > 0) return [];
    const trends = Object.entries(followed).flatMap(([name, valueOf]) => {
      const trend = trendOf(pointsIn(round, valueOf));
      return trend ? [{ of: name as keyof typeof followed, ...trend }] : [];
    });
    return trends.length > 0 ? [{ server: round.server, round: round.round, trends }] : [];
  });
}

/** Samples of the measuring phase only. */
function pointsIn(
  { timeline: { phases, samples } }: MeasuredRound,
  valueOf: (sample: Sample) => number | null,
): [number, number][] {
  const startOf = (name: string) => phases.find(({ phase }) => phase === name)?.atMs ?? Infinity;
  const [fromMs, toMs] = [startOf('measure'), startOf('disconnect')];
  return samples.flatMap((sample): [number, number][] => {
    const value = valueOf(sample);
    return sample.atMs >= fromMs && sample.atMs <= toMs && value !== null
      ? [[sample.atMs, value]]
      : [];
  });
}
