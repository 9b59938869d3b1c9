import { describe, expect, test } from 'vitest';
import { randomFrom } from '../scenario/random.ts';
import { bootstrapInterval } from './bootstrap.ts';

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Samples of a normal distribution (Box and Muller). */
function normal(count: number, centre: number, deviation: number, random: () => number): number[] {
  return Array.from({ length: count }, () => centre + deviation * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()));
}

test('of many samples it is the interval that the normal distribution gives', () => {
  const samples = normal(400, 100, 10, randomFrom(1));
  const { low, high } = bootstrapInterval([samples], mean, { random: randomFrom(2), resamples: 4_000 });
  const centre = mean(samples);
  const deviation = Math.sqrt(mean(samples.map((value) => (value - centre) ** 2)));
  const half = (1.96 * deviation) / Math.sqrt(400);
  expect(low).toBeCloseTo(centre - half, 0);
  expect(high).toBeCloseTo(centre + half, 0);
});

/** Hits of known coverage: how many of a thousand such intervals hold the true mean. */
test('it holds the true value about as often as it says', () => {
  const random = randomFrom(3);
  let held = 0;
  for (let n = 0; n < 1_000; n++) {
    const { low, high } = bootstrapInterval([normal(30, 5, 1, random)], mean, { random, resamples: 200 });
    if (low <= 5 && 5 <= high) held++;
  }
  expect(held / 1_000).toBeGreaterThan(0.91);
  expect(held / 1_000).toBeLessThan(0.97);
});

describe('groups', () => {
  test('are drawn apart from each other', () => {
    const { low, high } = bootstrapInterval([[1, 1, 1], [2, 2, 2, 2]], (a, b) => mean(b) / mean(a) + b.length - a.length, { random: randomFrom(1) });
    expect([low, high]).toEqual([3, 3]);
  });

  test('of pairs stay paired', () => {
    const pairs = [1, 10, 100].map((value) => [value, 2 * value] as const);
    const ratio = (drawn: readonly (readonly [number, number])[]) => mean(drawn.map(([, b]) => b)) / mean(drawn.map(([a]) => a));
    const { low, high } = bootstrapInterval([pairs], ratio, { random: randomFrom(1) });
    expect([low, high]).toEqual([2, 2]);
  });
});

test('the same seed gives the same', () => {
  const once = () => bootstrapInterval([[1, 2, 3, 4]], mean, { random: randomFrom(7) });
  expect(once()).toEqual(once());
});
