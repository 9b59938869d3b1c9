import { expect, test } from 'vitest';
import { createLoopDelay } from './loop-delay.ts';

const ms = 1e6;

test('the delay is the time since the previous stamp minus one interval', () => {
  const delayOf = createLoopDelay(2, 100 * ms);
  const stamps = [
    [0, 0, 1_000],
    [0, 1, 1_103],
    [1, 7, 1_104],
    [1, 8, 1_204],
    [0, 2, 1_403],
    [0, 3, 1_430],
    [0, 5, 1_700],
    [0, 6, 1_800],
    [0, 6, 1_801],
  ] as const;
  expect(stamps.map(([stream, number, atMs]) => delayOf(stream, number, atMs * ms))).toEqual([
    undefined, // the first
    3 * ms,
    undefined,
    0,
    200 * ms,
    0, // early
    undefined, // one is missing
    0,
    undefined, // a repeated number
  ]);
});
