import { describe, expect, test } from 'vitest';
import { planChurn } from './churn.ts';

const churn = {
  perSecond: 200,
  spacing: 'poisson',
  lifetimeMs: 2_000,
  lifetimes: 'random',
} as const;
const totalMs = 50_000;
const gapsOf = (times: readonly number[]) =>
  times.slice(1).map((atMs, place) => atMs - times[place]!);
const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const lives = (overrides: object = {}) =>
  planChurn({ ...churn, ...overrides }, totalMs, 1).map(
    ({ atMs, disconnectAtMs }) => disconnectAtMs! - atMs,
  );

test('the same seed gives the same arrivals, another seed gives others', () => {
  expect(planChurn(churn, totalMs, 1)).toEqual(planChurn(churn, totalMs, 1));
  expect(planChurn(churn, totalMs, 1)).not.toEqual(planChurn(churn, totalMs, 2));
});

describe('arrivals', () => {
  test('at a constant rate: one every 5 ms', () => {
    const times = planChurn({ ...churn, spacing: 'constant' }, totalMs, 1).map(({ atMs }) => atMs);
    expect(times).toHaveLength(9_990); // no arrivals in the last 50 ms
    for (const gapMs of gapsOf(times)) expect(gapMs).toBeCloseTo(5, 6);
  });

  test('at random: as many, with exponentially distributed gaps', () => {
    const times = planChurn(churn, totalMs, 1).map(({ atMs }) => atMs);
    expect(Math.abs(times.length - 9_990)).toBeLessThan(400); // four standard deviations
    const gapsMs = gapsOf(times);
    expect(mean(gapsMs)).toBeCloseTo(5, 0);
    // In an exponential distribution, a share of e^-k of all gaps is longer than k times the mean.
    for (const k of [0.5, 1, 2, 3])
      expect(gapsMs.filter((gapMs) => gapMs > 5 * k).length / gapsMs.length).toBeCloseTo(
        Math.exp(-k),
        1,
      );
  });

  test('as a ramp: half as many, at an increasing rate', () => {
    const times = planChurn({ ...churn, spacing: 'ramp' }, totalMs, 1).map(({ atMs }) => atMs);
    expect(Math.abs(times.length - 4_990)).toBeLessThan(2);
    const inSecond = (second: number) =>
      times.filter((atMs) => Math.floor(atMs / 1_000) === second).length;
    // Expected in the second from k to k + 1 of 50: 200 · (k + ½) / 50.
    for (const second of [0, 10, 24, 40, 48])
      expect(Math.abs(inSecond(second) - 4 * (second + 0.5))).toBeLessThan(2);
  });
});

test('lifetimes are fixed, or exponentially distributed with the given mean', () => {
  expect(new Set(lives({ lifetimes: 'fixed' }).map((ms) => ms.toFixed(6)))).toEqual(
    new Set(['2000.000000']),
  );
  const random = lives();
  expect(mean(random) / 2_000).toBeCloseTo(1, 1);
  for (const k of [0.5, 1, 2])
    expect(random.filter((ms) => ms > 2_000 * k).length / random.length).toBeCloseTo(
      Math.exp(-k),
      1,
    );
});
