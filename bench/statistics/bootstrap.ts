/** Confidence intervals of whatever can be computed from samples, without assuming how these are distributed. Pure. */
import { normalShareBelow, studentQuantile } from './student.ts';

export interface Interval {
  low: number;
  high: number;
}

export interface BootstrapOptions {
  /** Numbers in [0, 1). */
  random: () => number;
  /** How often to draw anew; `resamplesFor` the samples unless given. */
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
  return normalShareBelow(
    studentQuantile((1 - confidence) / 2, samples - 1) * Math.sqrt(samples / (samples - 1)),
  );
}

const [mostResamples, leastResamples, mostDraws] = [4_000, 1_000, 800_000];

/**
 * The time of a comparison is resamples times samples. The interval of hundreds of samples is narrow, and with a thousand
 * resamples its ends scatter by a twentieth of its half.
 */
export const resamplesFor = (samples: number): number =>
  Math.max(leastResamples, Math.min(mostResamples, Math.floor(mostDraws / samples)));

/**
 * The expanded percentile bootstrap: every group of samples is drawn anew from itself, with replacement, again and again,
 * and the middle of what the statistic makes of these is the interval (Efron and Tibshirani, An Introduction to the
 * Bootstrap, 1993, section 13.3; `shareBeyond` has what is the middle).
 *
 * @param groups four samples in each at least; samples that belong together are drawn together: what is paired is one group of pairs
 * @param statistic must not keep what it is given: the next resample is drawn into the same arrays
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
