/** Clients that reconnect, in simulated time: when they do, and with which id. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { decodeDurations } from '../measure/durations.ts';
import { createReconnects } from '../measure/reconnects.ts';
import { createReconnecting } from './reconnecting.ts';

const ms = 1e6;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Three streams that the server cuts at 1,000 ms. */
function world({ retryMs = 500, jitterMs = 0 } = {}) {
  const startMs = Date.now();
  const clock = { nowNs: () => (Date.now() - startMs) * ms };
  const reconnects = createReconnects(3, 1_000 * ms);
  const { failedAttempts, unexpectedEvents } = reconnects.findings();
  const counts = () => reconnects.findings().counts;
  const opened: { stream: number; headers: Record<string, string>; atMs: number }[] = [];
  const open = (stream: number, headers: Record<string, string>) =>
    void opened.push({ stream, headers, atMs: clock.nowNs() / ms });
  const reconnecting = createReconnecting({
    streams: 3,
    task: { cut: { atNs: 1_000 * ms, byClients: false }, retryMs, jitterMs },
    seed: 1,
    clock,
    reconnects,
    open,
  });
  const lose = (stream: number, hadAnswer = true) =>
    reconnecting.lost(stream, hadAnswer, 'gone', 'it was');
  const event = (stream: number, number: number) => reconnects.event(stream, number, clock.nowNs());
  const durations = (name: 'recovery' | 'reconnectAttempt' | 'reconnectLag') =>
    decodeDurations([reconnects.findings().histograms[name].encode()]);
  return { counts, failedAttempts, unexpectedEvents, opened, reconnecting, lose, event, durations };
}

test('a stream lost before the cut, or without an answer, does not reconnect', () => {
  const { lose, opened, counts } = world();
  vi.advanceTimersByTime(999);
  expect(lose(0)).toBe(false);
  vi.advanceTimersByTime(1);
  expect(lose(1, false)).toBe(false);
  vi.advanceTimersByTime(10_000);
  expect({ opened, cut: counts().cut }).toEqual({ opened: [], cut: 0 });
});

test('reconnects after the requested time, preferably the time of the server, with the last id', () => {
  const { lose, opened, unexpectedEvents, reconnecting } = world();
  reconnecting.idOf(0, '6');
  reconnecting.idOf(0, '7');
  reconnecting.idOf(1, '7');
  reconnecting.idOf(1, '');
  reconnecting.idOf(2, '№ 7');
  reconnecting.retryOf(0, 500);
  reconnecting.retryOf(2, 200);
  expect(Object.values(unexpectedEvents)).toEqual([{ count: 1, example: 'retry: 200' }]);
  vi.advanceTimersByTime(1_010);
  for (const stream of [0, 1, 2]) expect(lose(stream)).toBe(true);
  vi.advanceTimersByTime(10_000);
  expect(opened).toEqual([
    { stream: 2, headers: { 'last-event-id': '\u00e2\u0084\u0096 7' }, atMs: 1_210 },
    { stream: 0, headers: { 'last-event-id': '7' }, atMs: 1_510 },
    { stream: 1, headers: {}, atMs: 1_510 },
  ]);
});

test('a server that asks for random waits fills neither memory nor report', () => {
  const { unexpectedEvents, reconnecting } = world();
  for (let waitMs = 1_000; waitMs < 2_000; waitMs++) reconnecting.retryOf(0, waitMs);
  expect(Object.values(unexpectedEvents).map(({ count }) => count)).toEqual([1, 1, 1, 1, 1, 995]);
});

test('doubles the wait after each failed attempt up to 30 s, and resets it after recovery', () => {
  const { lose, opened, event, failedAttempts, counts } = world();
  event(0, 3);
  vi.advanceTimersByTime(1_000);
  lose(0);
  for (let attempt = 1; attempt <= 8; attempt++) {
    vi.advanceTimersToNextTimer();
    lose(0, attempt % 2 === 0); // an answer without an event still counts as a failed attempt
  }
  vi.advanceTimersToNextTimer();
  const waitsMs = opened.map(({ atMs }, place) => atMs - (opened[place - 1]?.atMs ?? 1_000));
  expect(waitsMs).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  expect(failedAttempts).toEqual({ gone: { count: 8, example: 'it was' } });
  event(0, 4);
  lose(0);
  vi.advanceTimersByTime(499);
  expect(opened).toHaveLength(9);
  vi.advanceTimersByTime(1);
  expect(opened).toHaveLength(10);
  expect(counts()).toMatchObject({ cut: 1, reconnected: 0 });
});

test('a stream lost after recovery counts with its cause and its later recovery', () => {
  const { lose, event, counts, failedAttempts, durations } = world();
  vi.advanceTimersByTime(1_000);
  for (const stream of [0, 1]) lose(stream);
  vi.advanceTimersByTime(600);
  for (const stream of [0, 1]) event(stream, 0);
  vi.advanceTimersByTime(100);
  lose(1);
  expect(counts()).toMatchObject({ cut: 2, reconnected: 1 });
  expect(failedAttempts).toEqual({ 'gone, after a reconnect': { count: 1, example: 'it was' } });
  vi.advanceTimersByTime(800);
  event(1, 1);
  expect(counts()).toMatchObject({ cut: 2, reconnected: 2 });
  expect(
    durations('recovery')
      .recorded()
      .map(({ valueMs, count }) => [Math.round(valueMs), count]),
  ).toEqual([
    [600, 1],
    [1_500, 1],
  ]);
});

test('waits longer after each failed attempt even if the server asks for 0 ms', () => {
  const { lose, opened, reconnecting } = world();
  reconnecting.retryOf(0, 0);
  vi.advanceTimersByTime(1_000);
  lose(0);
  for (let attempt = 0; attempt < 5; attempt++) {
    vi.advanceTimersToNextTimer();
    lose(0);
  }
  expect(opened.map(({ atMs }) => atMs - 1_000)).toEqual([1, 3, 7, 15, 31]);
});

test('adds a random time for each client', () => {
  const { lose, opened } = world({ jitterMs: 1_000 });
  vi.advanceTimersByTime(1_000);
  for (const stream of [0, 1, 2]) lose(stream);
  vi.advanceTimersByTime(3_000);
  const waitsMs = opened.map(({ atMs }) => atMs - 1_000);
  expect(new Set(waitsMs).size).toBe(3);
  for (const waitMs of waitsMs) expect(Math.abs(waitMs - 1_000)).toBeLessThanOrEqual(500);
});

test('measures attempts and recovery from the cut, and counts missed and repeated events', () => {
  const { lose, event, durations, counts } = world();
  for (const stream of [0, 1, 2]) for (const number of [0, 1, 2]) event(stream, number);
  vi.advanceTimersByTime(1_020);
  for (const stream of [0, 1, 2]) lose(stream);
  vi.advanceTimersByTime(600);
  event(0, 3); // continues without a gap
  event(1, 6); // 3, 4 and 5 are missing
  event(2, 1); // repeats 1, and later 2
  expect(counts()).toMatchObject({ cut: 3, reconnected: 3, missedOverCut: 3, doubledOverCut: 2 });
  expect(durations('reconnectAttempt').quantileMs(1)).toBeCloseTo(520, 0);
  expect(durations('reconnectLag').quantileMs(1)).toBe(0);
  expect(durations('recovery').quantileMs(1)).toBeCloseTo(620, 0);
});

test('after the stop no stream reconnects, and the waiting streams are returned', () => {
  const { lose, opened, reconnecting } = world();
  vi.advanceTimersByTime(1_000);
  lose(0);
  lose(2);
  expect(reconnecting.stop()).toEqual([0, 2]);
  expect(lose(1)).toBe(false);
  vi.advanceTimersByTime(5_000);
  expect(opened).toEqual([]);
});
