import { describe, expect, test } from 'vitest';
import { decodeDurations } from '../measure/durations.ts';
import { releaseTimes, slowestReleaseMs } from './release.ts';

const ms = (times: number[]) => times.map((time) => time * 1e6);
const found = (closedMs: number[], releasedMs: number[]) =>
  decodeDurations([releaseTimes(ms(closedMs), ms(releasedMs))]);

test('pairs the k-th release with the k-th disconnect', () => {
  const closed = Array.from({ length: 1_000 }, (_, k) => 5_000 + k);
  const durations = found(
    closed,
    closed.map((atMs) => atMs + 100),
  );
  expect(durations.count).toBe(1_000);
  expect(durations.quantileMs(0.5)! / 100).toBeCloseTo(1, 2);
  expect(durations.quantileMs(1)! / 100).toBeCloseTo(1, 2);
});

test('a timer that is still held has no release time', () =>
  expect(found([10, 20, 30], [12]).count).toBe(1));
test('with more releases than disconnects there are no times', () =>
  expect(found([10], [12, 13]).count).toBe(0));

const atMs = (...times: number[]) => ms(times);
describe('by place of creation', () => {
  test.each<[string, number[], number[][], number[]]>([
    ['the k-th with the k-th', atMs(0, 10, 20), [atMs(5, 16, 30)], [5, 6, 10]],
    ['the last of several timers of a stream', atMs(0, 10), [atMs(1, 11), atMs(7, 19)], [7, 9]],
    ['none if timers were cleared before', atMs(0, 10), [atMs(-5, 11)], []],
    ['none with more timers than clients', atMs(0, 10), [atMs(1, 2, 3)], []],
    ['none with fewer timers than clients', atMs(0, 10), [atMs(1)], []],
    ['no disconnects', [], [[]], []],
  ])('%s', (_what, disconnectedNs, clearings, delays) =>
    expect(slowestReleaseMs(disconnectedNs, clearings)).toEqual(delays),
  );
});
