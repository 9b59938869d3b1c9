import { expect, test } from 'vitest';
import { decodeDurations, samplesNeeded } from './durations.ts';
import { createHistogram, mergeEncoded } from './histogram.ts';

function encodedMs(...durationsMs: number[]): string {
  const histogram = createHistogram();
  for (const durationMs of durationsMs) histogram.recordNs(durationMs * 1e6);
  return histogram.encode();
}
const range = (count: number) => Array.from({ length: count }, (_, n) => n + 1);

test('quantiles have three exact digits', () => {
  const durations = decodeDurations([encodedMs(...range(10_000))]);
  expect(durations.count).toBe(10_000);
  for (const [quantile, exact] of [
    [0.5, 5_000],
    [0.9, 9_000],
    [0.99, 9_900],
    [0.999, 9_990],
    [1, 10_000],
  ] as const) {
    expect(Math.abs(durations.quantileMs(quantile)! / exact - 1)).toBeLessThan(0.001);
  }
});

test('1 µs and 2 µs are different values', () => {
  const durations = decodeDurations([encodedMs(...Array<number>(20).fill(0.002))]);
  expect(durations.quantileMs(0.5)).toBe(0.002);
});

test('a value out of range counts as the nearest limit', () => {
  expect(decodeDurations([encodedMs(-5)]).quantileMs(1)).toBe(0);
  expect(decodeDurations([encodedMs(7_200_000)]).quantileMs(1)! / 3_600_000).toBeCloseTo(1, 2);
});

test.each([
  [0.5, 20],
  [0.9, 100],
  [0.99, 1_000],
  [0.999, 10_000],
  [1, 1],
])('p%d needs %i samples', (quantile, samples) => expect(samplesNeeded(quantile)).toBe(samples));

test('merged histograms equal one histogram of all values', () => {
  const [low, high, all] = [
    encodedMs(...range(500)),
    encodedMs(...range(500).map((n) => n + 500)),
    encodedMs(...range(1_000)),
  ];
  for (const merged of [
    decodeDurations([low, high]),
    decodeDurations([mergeEncoded([low, high])]),
  ]) {
    expect(merged.count).toBe(1_000);
    for (const quantile of [0.5, 0.9, 0.99, 1]) {
      expect(merged.quantileMs(quantile)).toBe(decodeDurations([all]).quantileMs(quantile));
    }
  }
});

test('an empty histogram has no quantiles', () => {
  expect(decodeDurations([encodedMs()]).quantileMs(1)).toBeUndefined();
  expect(decodeDurations([]).count).toBe(0);
});
