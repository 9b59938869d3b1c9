/**
 * Confidence intervals of any statistic of samples, without an assumption about their distribution.
 * Pure.
 */
import { normalShareBelow, studentQuantile } from './student.ts';

export interface Interval {
  low: number;
  high: number;
}

export interface BootstrapOptions {
  /** Numbers in [0, 1). */
  random: () => number;
  /** The number of resamples; by default `resamplesFor` the samples. */
  resamples?: number | undefined;
  /**
   * Share of the intervals that contain the true value, as far as the samples represent the
   * population.
   */
  confidence?: number;
}

/**
 * The share of all resamples that an interval excludes at each end. Resamples of n samples vary
 * less than the population, by a factor of √((n - 1) / n), and like a normal distribution instead
 * of Student's. To compensate, the interval ends at a more extreme quantile. This is the expanded
 * percentile interval: Hesterberg, What Teachers Should Know About the Bootstrap, The American
 * Statistician 69, 2015.
 *
 * @param samples the size of the smallest group, at least four
 */
export function shareBeyond(confidence: number, samples: number): number {
  return normalShareBelow(
    studentQuantile((1 - confidence) / 2, samples - 1) * Math.sqrt(samples / (samples - 1)),
  );
}

const [mostResamples, leastResamples, mostDraws] = [4_000, 1_000, 800_000];

/**
 * A comparison takes time in proportion to resamples times samples, so many samples get fewer
 * resamples. The interval of hundreds of samples is narrow. With 1,000 resamples its ends vary by a
 * twentieth of its half.
 */
export const resamplesFor = (samples: number): number =>
  Math.max(leastResamples, Math.min(mostResamples, Math.floor(mostDraws / samples)));

/**
 * The expanded percentile bootstrap. It resamples every group many times, with replacement, and
 * computes the statistic of each resample. The interval is the middle of these values, as
 * `shareBeyond` defines it. See Efron and Tibshirani, An Introduction to the Bootstrap, 1993,
 * section 13.3.
 *
 * @param groups at least four samples each; samples that belong together are drawn together, so
 * pairs form one group of pairs
 * @param statistic must not keep its arguments, since the next resample reuses the same arrays
 */
export function bootstrapInterval<Groups extends readonly (readonly unknown[])[]>(
  groups: Groups,
  statistic: (...groups: Groups) => number,
  { random, confidence = 0.95, ...given }: BootstrapOptions,
): Interval {
  const resamples =
    given.resamples ?? resamplesFor(groups.reduce((sum, { length }) => sum + length, 0));
  const drawn = groups.map((samples) => [...samples]);
  const draw = (into: unknown[], group: number) => {
    const samples = groups[group]!;
    for (let place = 0; place < into.length; place++)
      into[place] = samples[Math.floor(random() * samples.length)];
  };
  const values = new Float64Array(resamples);
  for (let resample = 0; resample < resamples; resample++) {
    drawn.forEach(draw);
    values[resample] = statistic(...(drawn as unknown as Groups));
  }
  values.sort();
  const beyond = shareBeyond(confidence, Math.min(...groups.map(({ length }) => length)));
  const at = (share: number) => values[Math.round(share * (resamples - 1))]!;
  return { low: at(beyond), high: at(1 - beyond) };
}
