import { expect, test } from 'vitest';
import { measuredRound } from '../tests/fixtures/helpers/result.ts';
import { createHistogram } from '../measure/histogram.ts';
import { readingsOf } from './metric.ts';
import { reconnectMetrics } from './reconnect-metrics.ts';

function figuresOf(attemptsMs: readonly number[], cut: number) {
  const histogram = createHistogram();
  for (const atMs of attemptsMs) histogram.recordNs(atMs * 1e6);
  const { counts, histograms } = measuredRound('it', 1);
  const readings = readingsOf(
    measuredRound('it', 1, {
      counts: { ...counts, cut, reconnected: 90 },
      histograms: { ...histograms, reconnectAttempt: histogram.encode() },
    }),
  );
  return Object.fromEntries(reconnectMetrics.map(({ name, of }) => [name, of(readings)]));
}

test('the peak rate is the most attempts in any 100 ms', () => {
  const burst = Array.from({ length: 50 }, () => [995, 1_005, 1_300]).flat();
  expect(figuresOf(burst, 100)).toMatchObject({ 'connect-rate': 1_000, 'not-reconnected': 10 });
  expect(
    figuresOf(
      Array.from({ length: 1_000 }, (_, n) => 1_000 + n),
      100,
    )['connect-rate'],
  ).toBeCloseTo(1_000, -2);
  expect(figuresOf([], 100)['connect-rate']).toBe(0);
});

test('without a cut there are no such metrics', () => {
  expect(new Set(Object.values(figuresOf([1], 0)))).toEqual(new Set([undefined]));
});
