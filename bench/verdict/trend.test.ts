import { expect, test } from 'vitest';
import { randomFrom } from '../statistics/random.ts';
import { trendOf } from './trend.ts';

const everyMs = 500;
const overTime = (samples: number, valueAt: (hours: number) => number) =>
  Array.from(
    { length: samples },
    (_, n) => [n * everyMs, valueAt((n * everyMs) / 3_600_000)] as const,
  );
/** Approximately normal, with a standard deviation of 1. */
const noiseFrom = (random: () => number) => () =>
  Array.from({ length: 12 }, random).reduce((sum, each) => sum + each, -6);

test('finds a growth of 30 per hour', () => {
  const trend = trendOf(overTime(600, (hours) => 5 + 30 * hours))!;
  expect(trend.perHour).toBeCloseTo(30, 6);
  expect(trend.high - trend.low).toBeCloseTo(0, 6);
});

test('without growth, the interval contains 0 in 95 of 100 cases', () => {
  const noise = noiseFrom(randomFrom(1));
  const held = Array.from({ length: 400 }, () => trendOf(overTime(200, noise))!).filter(
    ({ low, high }) => low <= 0 && high >= 0,
  );
  expect(held.length / 400).toBeGreaterThan(0.92);
  expect(held.length / 400).toBeLessThan(0.98);
});

test('finds growth that exceeds the noise', () => {
  const noise = noiseFrom(randomFrom(2));
  const { low, high } = trendOf(overTime(600, (hours) => 100 * hours + noise()))!;
  expect(low).toBeGreaterThan(0);
  expect(low).toBeLessThan(100);
  expect(high).toBeGreaterThan(100);
});

test('has no trend with too few samples', () => {
  expect(trendOf([])).toBeUndefined();
  expect(trendOf(overTime(50, () => 1))).toBeUndefined();
});
