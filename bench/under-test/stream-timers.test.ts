import { expect, test } from 'vitest';
import { streamTimersAmong } from './stream-timers.ts';

const streams = 100;

test('a group with about as many timers as streams belongs to the streams', () => {
  for (const count of [90, 100, 110])
    expect(streamTimersAmong({ 50: count }, streams).held({ 50: 40 }, 0)).toBeGreaterThan(29);
  expect(streamTimersAmong({ 50: 89 }, streams).held({ 50: 89 }, 0)).toBe(0);
});

test('smaller groups, such as timers of a connection pool, are not counted', () => {
  const timers = streamTimersAmong({ 50: 100, 777: 30, 5_000: 1 }, streams);
  expect(timers.held({ 777: 30, 5_000: 1 }, 0)).toBe(0);
  expect(timers.held({ 50: 7, 777: 30, 5_000: 1 }, 0)).toBe(7);
});

test('a few more timers than streams are own timers with the same repeat time', () => {
  const timers = streamTimersAmong({ 50: 103 }, streams);
  expect(timers.held({ 50: 3 }, 0)).toBe(0);
  expect(timers.held({ 50: 5 }, 0)).toBe(2);
});

test('many more timers than streams are those of earlier streams', () => {
  expect(streamTimersAmong({ 50: 400 }, streams).held({ 50: 300 }, 0)).toBe(300);
});

test('each stream may have several timers', () => {
  const timers = streamTimersAmong({ 50: 100, 15_000: 100 }, streams);
  expect(timers.held({ 15_000: 100 }, 0)).toBe(100);
});

test('timers with random repeat times belong to the streams together', () => {
  const watched = Object.fromEntries(Array.from({ length: 25 }, (_, n) => [1_000 + n, 4]));
  const timers = streamTimersAmong({ ...watched, 777: 30 }, streams);
  expect(timers.held({ ...watched, 777: 30 }, 0)).toBe(100);
  expect(timers.held({ 1_003: 2, 777: 30 }, 0)).toBe(2);
  expect(timers.clearedNs({ 1_000: [5, 7], 1_001: [6], 777: [9] }, 1_000)).toEqual([5, 6, 7]);
  // Several small pools are fewer.
  const pools = { 500: 15, 600: 15, 700: 15, 777: 30 };
  expect(streamTimersAmong(pools, streams).held(pools, 0)).toBe(0);
});

test('timers that fire once count if they are running at the end, however often they were renewed', () => {
  const timers = streamTimersAmong({ 0: 101 }, streams);
  expect(timers.fireOnce).toBe(true);
  expect(timers.held({}, 101)).toBe(101);
  expect(timers.held({ 0: 101 }, 9)).toBe(0);
  // Idle connections of a pool have such timers too.
  expect(timers.held({}, 30)).toBe(0);
  expect(streamTimersAmong({ 0: 30 }, streams).held({ 0: 30 }, 30)).toBe(0);
});

test('without open streams, no timer belongs to one', () => {
  expect(streamTimersAmong({ 50: 3 }, 0).held({ 50: 3 }, 3)).toBe(0);
});

test('release times are those of the interval, or else of the group that was cleared last', () => {
  const timers = streamTimersAmong({ 50: 100, 15_000: 100, 777: 30, 0: 100 }, streams);
  const releases = { 50: [1, 2], 15_000: [1, 3], 777: [9], 0: [8] };
  expect(timers.clearedNs(releases, 50)).toEqual([1, 2]);
  expect(timers.clearedNs(releases, 100)).toEqual([1, 3]);
  expect(timers.clearedNs(releases, null)).toEqual([1, 3]);
  expect(streamTimersAmong({ 777: 30 }, streams).clearedNs(releases, null)).toEqual([]);
});
