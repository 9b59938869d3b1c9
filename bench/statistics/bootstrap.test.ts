import { describe, expect, test } from 'vitest';
import { randomFrom } from './random.ts';
import { bootstrapInterval, shareBeyond } from './bootstrap.ts';

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const ratioOfMeans = (a: readonly number[], b: readonly number[]) => mean(b) / mean(a);

/**
 * Survival times of mice in days: Efron and Tibshirani, An Introduction to the Bootstrap, table
 * 2.1.
 */
const treated = [94, 197, 16, 38, 99, 141, 23];
const control = [52, 104, 146, 10, 51, 30, 40, 27, 46];

/** Samples of a normal distribution (Box and Muller). */
function normal(count: number, centre: number, deviation: number, random: () => number): number[] {
  return Array.from(
    { length: count },
    () =>
      centre +
      deviation * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()),
  );
}

/**
 * Values of scipy 1.17.1:
 * scipy.stats.norm.cdf(scipy.stats.t.ppf(0.025, n - 1) * sqrt(n / (n - 1))).
 */
test.each([
  [6, 0.0024318031746115667],
  [10, 0.008550639024406366],
  [30, 0.01875390027822054],
  [60, 0.021801790933923385],
])('the share beyond each end, for %i samples', (samples, share) =>
  expect(Math.abs(shareBeyond(0.95, samples) / share - 1)).toBeLessThan(0.01),
);

describe('for the survival times of mice, the interval agrees with', () => {
  // Efron and Tibshirani, section 13.3: 49.7 to 126.7 from 1,000 resamples, for 90 % and without
  // expansion.
  test('the book', () => {
    let confidence = 0.9;
    while (shareBeyond(confidence, treated.length) < 0.05) confidence -= 0.001;
    const { low, high } = bootstrapInterval([treated], mean, {
      random: randomFrom(1),
      resamples: 20_000,
      confidence,
    });
    expect([Math.abs(low - 49.7), Math.abs(high - 126.7)].every((off) => off < 1)).toBe(true);
  });

  // Among all weighted pairs of draws, 0.411 % lie below 0.2580, and 0.411 % above 1.9987. scipy
  // 1.17.1 (scipy.stats.bootstrap, 'percentile', 400,000 resamples) gives 0.2580 and 1.985 or
  // 1.997.
  test('scipy and an enumeration, for a ratio of means', () => {
    const { low, high } = bootstrapInterval([treated, control], ratioOfMeans, {
      random: randomFrom(1),
      resamples: 100_000,
    });
    expect(low).toBeCloseTo(0.258, 2);
    expect(Math.abs(high - 1.9987)).toBeLessThan(0.06);
  });
});

test('for many samples it is the interval of a normal distribution', () => {
  const samples = normal(400, 100, 10, randomFrom(1));
  const { low, high } = bootstrapInterval([samples], mean, {
    random: randomFrom(2),
    resamples: 4_000,
  });
  const centre = mean(samples);
  const deviation = Math.sqrt(mean(samples.map((value) => (value - centre) ** 2)));
  const half = (1.96 * deviation) / Math.sqrt(400);
  expect(low).toBeCloseTo(centre - half, 0);
  expect(high).toBeCloseTo(centre + half, 0);
});

/** The coverage: counts how many of 400 such intervals contain the true value. */
test.each([6, 10, 30])(
  'with %i samples in each group, the interval contains the true ratio about as often as promised',
  (count) => {
    const random = randomFrom(3);
    let held = 0;
    for (let n = 0; n < 400; n++) {
      const groups: [number[], number[]] = [
        normal(count, 5, 0.5, random),
        normal(count, 6, 0.6, random),
      ];
      const { low, high } = bootstrapInterval(groups, ratioOfMeans, { random, resamples: 1_000 });
      if (low <= 1.2 && 1.2 <= high) held++;
    }
    expect(held / 400).toBeGreaterThan(0.935);
    expect(held / 400).toBeLessThan(0.985);
  },
);

describe('groups', () => {
  test('are resampled independently', () => {
    const statistic = (a: readonly number[], b: readonly number[]) =>
      ratioOfMeans(a, b) + b.length - a.length;
    const { low, high } = bootstrapInterval(
      [
        [1, 1, 1, 1],
        [2, 2, 2, 2, 2],
      ],
      statistic,
      { random: randomFrom(1) },
    );
    expect([low, high]).toEqual([3, 3]);
  });

  test('of pairs stay paired', () => {
    const pairs = [1, 10, 100, 1000].map((value) => [value, 2 * value] as const);
    const ratio = (drawn: readonly (readonly [number, number])[]) =>
      mean(drawn.map(([, b]) => b)) / mean(drawn.map(([a]) => a));
    const { low, high } = bootstrapInterval([pairs], ratio, { random: randomFrom(1) });
    expect([low, high]).toEqual([2, 2]);
  });
});

test('the same seed gives the same interval', () => {
  const once = () => bootstrapInterval([[1, 2, 3, 4]], mean, { random: randomFrom(7) });
  expect(once()).toEqual(once());
});
