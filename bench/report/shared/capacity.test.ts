import { expect, test } from 'vitest';
import { runResult } from '../../tests/fixtures/helpers/result.ts';
import type { RunResult } from '../../result/run-result.ts';
import { capacityLines } from './capacity.ts';

const { scenario } = runResult([], []);
const step = (load: number, holds: boolean) => ({
  load,
  holds,
  why: holds ? '' : 'delivery.p99 < 50ms does not hold: 81.0 ms',
  bottleneck: holds ? '' : 'the server’s CPU',
});
const found = (overrides: Partial<RunResult['capacity'][number]> = {}) => ({
  server: 'koa',
  most: 2_400,
  tooMuch: 2_600,
  reason: null,
  steps: [
    step(2_000, true),
    step(2_400, true),
    step(2_600, false),
    step(2_400, false),
    step(2_400, true),
    step(2_600, false),
  ],
  ...overrides,
});
const lines = (capacity: RunResult['capacity'], of: 'streams' | 'rate' = 'streams') =>
  capacityLines({ capacity, scenario: { ...scenario, load: { kind: 'search', of } } });

test('how much, how sure that is, and what gave out', () => {
  expect(lines([found()])).toEqual([
    'koa: sustains 2,400 streams (in 2 of 3 rounds); not 2,600 streams (in 2 of 2 rounds): delivery.p99 < 50ms does not hold: 81.0 ms. What gave out: the server’s CPU.',
  ]);
});

test('where nothing can be told, why', () => {
  expect(
    lines([
      found({
        most: null,
        tooMuch: null,
        reason: 'delivery.p99 < 50ms could not be checked: not available for this server',
      }),
    ]),
  ).toEqual([
    'koa: how much it sustains cannot be told: delivery.p99 < 50ms could not be checked: not available for this server.',
  ]);
});

test('of a rate, the time between events', () => {
  expect(
    lines([found({ most: 20, tooMuch: 40, steps: [step(20, true), step(40, false)] })], 'rate')[0],
  ).toMatch(
    /^koa: sustains an event each 50ms on each stream \(in 1 of 1 rounds\); not an event each 25ms/,
  );
});

test('all that was tried held; nothing did; it was ended before', () => {
  expect(
    lines([
      found({ tooMuch: null }),
      found({ most: null, tooMuch: 1, steps: [step(1, false)] }),
      found({ most: null, tooMuch: null, steps: [] }),
    ]),
  ).toEqual([
    'koa: sustains 2,400 streams (in 2 of 3 rounds), and no more was tried.',
    expect.stringMatching(
      /^koa: does not sustain even the least load that was tried; not 1 streams/,
    ),
    'koa: was not tried to the end.',
  ]);
});
