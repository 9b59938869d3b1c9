import { describe, expect, test } from 'vitest';
import { randomFrom } from '../statistics/random.ts';
import { createScheduleLag } from './schedule.ts';

const intervalMs = 100;
const startMs = 1_000_000;

/**
 * Lags in milliseconds of streams whose event n arrives at `arrivalMs(n, stream)` after the start.
 */
function lags(
  count: number,
  arrivalMs: (n: number, stream: number) => number,
  warmUpMs = 0,
): number[][] {
  const streams = 50;
  const schedule = createScheduleLag(streams, intervalMs * 1e6, warmUpMs * 1e6);
  const events = Array.from({ length: streams }, (_, stream) =>
    Array.from({ length: count }, (__, n) => ({ stream, n, atMs: startMs + arrivalMs(n, stream) })),
  );
  const result: number[][] = Array.from({ length: streams }, () => []);
  for (const { stream, n, atMs } of events.flat().toSorted((a, b) => a.atMs - b.atMs)) {
    const lagNs = schedule.record(stream, n, atMs * 1e6);
    if (lagNs !== undefined) result[stream]!.push(lagNs / 1e6);
  }
  return result;
}
const spread = (stream: number) => stream * 2; // streams do not tick together
const highest = (values: readonly number[][]) => values.flat().reduce((a, b) => Math.max(a, b), 0);

test('a punctual server has no lag', () => {
  const found = lags(100, (n, stream) => spread(stream) + n * intervalMs);
  expect(found[0]).toHaveLength(99); // all but the first, which sets the schedule
  expect(highest(found)).toBeLessThan(0.001);
});

test('a steady drift is not lag, however long it lasts', () => {
  for (const periodMs of [100.9, 99.5, 101.5]) {
    const found = lags(3_000, (n, stream) => spread(stream) + n * periodMs);
    expect(highest(found.map((stream) => stream.slice(40)))).toBeLessThan(0.05);
  }
});

test('the schedule follows a drift that changes under load', () => {
  const found = lags(
    400,
    (n, stream) => spread(stream) + (n < 200 ? n * 100.2 : 20_040 + (n - 200) * 101),
  );
  expect(highest(found.map((stream) => stream.slice(260)))).toBeLessThan(0.5);
});

test('a shift during the ramp is no lag later', () => {
  const found = lags(40, (n) => n * intervalMs + (n >= 15 ? 150 : 0), startMs + 1_700);
  expect(highest(found)).toBeLessThan(0.001);
  expect(found[0]).toHaveLength(23);
});

describe('a freeze of 500 ms', () => {
  test('shows in every delayed event if the server keeps its schedule', () => {
    const freezeFromMs = 5_050;
    const found = lags(200, (n) => {
      const dueMs = n * intervalMs;
      return dueMs > freezeFromMs && dueMs < freezeFromMs + 500 ? freezeFromMs + 500 : dueMs;
    });
    for (const stream of found) {
      const late = stream.filter((lag) => lag > 1).map((lag) => Math.round(lag));
      expect(late).toEqual([450, 350, 250, 150, 50]);
    }
  });

  test('shows as lag for a while if the server shifts its schedule', () => {
    const found = lags(200, (n) => n * intervalMs + (n >= 50 ? 500 : 0));
    for (const stream of found) {
      expect(Math.round(stream[49]!)).toBe(500);
      const late = stream.filter((lag) => lag > 1).length;
      expect(late).toBeGreaterThanOrEqual(20);
      expect(late).toBeLessThanOrEqual(40);
      expect(stream.at(-1)).toBeLessThan(1);
    }
  });
});

test('jitter counts from the least late event', () => {
  const random = randomFrom(5);
  const found = lags(500, (n, stream) => spread(stream) + n * intervalMs + 10 * random()).flat();
  expect(Math.max(...found)).toBeLessThan(12);
  const mean = found.reduce((sum, lag) => sum + lag, 0) / found.length;
  expect(mean).toBeGreaterThan(3);
  expect(mean).toBeLessThan(6);
});

test('a lost event is not lag, and a late or repeated one is ignored', () => {
  const schedule = createScheduleLag(1, intervalMs * 1e6, 0);
  const record = (n: number, atMs: number) => schedule.record(0, n, (startMs + atMs) * 1e6);
  expect(record(0, 0)).toBeUndefined();
  expect(record(2, 200)).toBeCloseTo(0);
  expect(record(1, 210)).toBeUndefined();
  expect(record(2, 220)).toBeUndefined();
  expect(record(3, 305)! / 1e6).toBeCloseTo(5);
});
