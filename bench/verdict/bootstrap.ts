/** Confidence intervals of whatever can be computed from samples, without assuming how these are distributed. Pure. */

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
 * The percentile bootstrap: every group of samples is drawn anew from itself, with replacement, again and again, and the
 * middle of what the statistic makes of these is the interval (Efron and Tibshirani, An Introduction to the Bootstrap,
 * 1993, section 13.3). With few samples it is too narrow: see the table of false alarms in bench/README.
 *
 * @param groups samples that belong together are drawn together: what is paired is one group of pairs
 */
export function bootstrapInterval<Groups extends readonly (readonly unknown[])[]>(
  groups: Groups,
  statistic: (...groups: Groups) => number,
  { random, resamples = 2_000, confidence = 0.95 }: BootstrapOptions,
): Interval {
  const draw = <T>(samples: readonly T[]) => samples.map(() => samples[Math.floor(random() * samples.length)]!);
  const values = Float64Array.from({ length: resamples }, () => statistic(...(groups.map(draw) as unknown as Groups))).toSorted();
  const at = (share: number) => values[Math.min(resamples - 1, Math.max(0, Math.round(share * (resamples - 1))))]!;
  return { low: at((1 - confidence) / 2), high: at((1 + confidence) / 2) };
}
