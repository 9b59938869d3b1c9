import { expect, test } from 'vitest';
import { formatNumber, formatRoughly, formatSpread } from './format.ts';

test.each([
  [0, '0'],
  [7, '7'],
  [24_860, '24,860'],
  [0.0621, '0.062'],
  [8.412, '8.41'],
  [82.34, '82.3'],
  [123.4, '123'],
  [45_100.7, '45,101'],
  [-0.5, '-0.500'],
])('%d is written %s', (value, text) => expect(formatNumber(value)).toBe(text));

test.each([
  [{ median: 8.41, min: 8.02, max: 9.1 }, '8.41 (8.02–9.10)'],
  [{ median: 0, min: 0, max: 0 }, '0'],
  [{ median: 100.04, min: 100.01, max: 100.2 }, '100'],
  ['too few' as const, 'too few'],
  [undefined, '–'],
])('a spread: %j', (spread, text) => expect(formatSpread(spread)).toBe(text));

test.each([
  [900, '1 s'],
  [59_400, '59 s'],
  [60_000, '1 min'],
  [160_000, '2 min 40 s'],
  [-5, '0 s'],
])('%i ms is roughly %s', (durationMs, text) => expect(formatRoughly(durationMs)).toBe(text));
