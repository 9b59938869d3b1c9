import { expect, test } from 'vitest';
import { formatDuration, parseDuration } from './duration.ts';

test.each([
  ['500ms', 500],
  ['10s', 10_000],
  ['2m', 120_000],
  ['1h', 3_600_000],
  ['1.5s', 1_500],
  [' 3s ', 3_000],
  ['8.2m', 492_000],
  ['1.005s', 1_005],
])('reads %s', (text, durationMs) => expect(parseDuration(text)).toBe(durationMs));

test.each(['', '5', 's', '5 s', '-1s', '1e3ms', '5sec', '.5s', '1s2', 'NaNs'])(
  'refuses %j',
  (text) => expect(parseDuration(text)).toBeUndefined(),
);

test.each([
  [500, '500ms'],
  [1_500, '1.5s'],
  [10_000, '10s'],
  [120_000, '2m'],
  [90_000, '90s'],
])('writes %i as %s and reads it back', (durationMs, text) => {
  expect(formatDuration(durationMs)).toBe(text);
  expect(parseDuration(text)).toBe(durationMs);
});
