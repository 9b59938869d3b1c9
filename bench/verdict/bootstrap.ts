/** Confidence intervals of whatever can be computed from samples, without assuming how these are distributed. Pure. */
import { normalShareBelow, studentQuantile } from './student.ts';

export interface Interval {
  low: number;
  high: number;
}

export interface BootstrapOptions {
  /** Numbers in [0, 1). */
  random: () => number;
  /** How often to draw anew. */
  resamples?: number;
  /** Share of the intervals that hold the true value, so far as the samples stand for all that there could be. */
  confidence?: number;
}

/**
 * The share of all resamples that an interval leaves out at either end. What is drawn from few samples scatters less than
 * they stand for, by the root of (n - 1) / n, and as a normal distribution rather than as Student's: so much further out
 * lies the quantile that is taken (the expanded percentile interval: Hesterberg, What Teachers Should Know About the
 * Bootstrap, The American Statistician 69, 2015).
 *
 * @param samples of the smallest group, four at least
 */
export function shareBeyond(confidence: number, samples: number): number {
  return normalShareBelow(studentQuantile((1 - confidence) / 2, samples - 1) * Math.sqrt(samples / (samples - 1)));
}

/**
 * The expanded percentile bootstrap: every group of samples is drawn anew from itself, with replacement, again and again,
 * and the middle of what the statistic makes of these is the interval (Efron and Tibshirani, An Introduction to the
 * Bootstrap, 1993, section 13.3; `shareBeyond` has what is the middle).
 *
 * @param groups four samples in each at least; samples that belong together are drawn together: what is paired is one group of pairs
 */
export function bootstrapInterval<Groups extends readonly (readonly unknown[])[]>(
  groups: Groups,
  statistic: (...groups: Groups) => number,
  { random, resamples = 4_000, confidence = 0.95 }: BootstrapOptions,
): Interval {
  const draw = <T>(samples: readonly T[]) => samples.map(() => samples[Math.floor(random() * samples.length)]!);
  const values = Float64Array.from({ length: resamples }, () => statistic(...(groups.map(draw) as unknown as Groups))).toSorted();
  const beyond = shareBeyond(confidence, Math.min(...groups.map(({ length }) => length)));
  const at = (share: number) => values[Math.round(share * (resamples - 1))]!;
  return { low: at(beyond), high: at(1 - beyond) };
}
