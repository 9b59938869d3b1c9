import { expect, test } from 'vitest';
import { pace } from './pacer.ts';

const arrivals = [10, 20, 20, 30].map((atMs) => ({ atMs }));

test.each([
  ['before the ramp', 0, -5, { due: 0, waitMs: 15 }],
  ['just before the first arrival', 0, 9.9, { due: 0, waitMs: 10 - 9.9 }],
  ['on time', 0, 10, { due: 1, waitMs: 10 }],
  ['two at once', 1, 20, { due: 2, waitMs: 10 }],
  ['late: all overdue arrivals, and no delay of the next one', 0, 25, { due: 3, waitMs: 5 }],
  ['the last arrival', 3, 30, { due: 1, waitMs: undefined }],
  ['late for all arrivals', 0, 1000, { due: 4, waitMs: undefined }],
  ['no arrivals left', 4, 1000, { due: 0, waitMs: undefined }],
])('%s', (_what, started, elapsedMs, expected) =>
  expect(pace(arrivals, started, elapsedMs)).toEqual(expected),
);
