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

test('the sustained load, the tries, and the first limit', () => {
  expect(lines([found()])).toEqual([
    'koa: sustains 2,400 streams (2 of 3 rounds), but not 2,600 streams (2 of 2 rounds): delivery.p99 < 50ms does not hold: 81.0 ms. Limit reached first: the server’s CPU.',
  ]);
});

test('the reason if the capacity is unknown', () => {
  expect(
    lines([
      found({
        most: null,
        tooMuch: null,
        reason: 'delivery.p99 < 50ms could not be checked: not available for this server',
      }),
    ]),
  ).toEqual([
    'koa: the capacity could not be determined: delivery.p99 < 50ms could not be checked: not available for this server.',
  ]);
});

test('a rate as the time between events', () => {
  expect(
    lines([found({ most: 20, tooMuch: 40, steps: [step(20, true), step(40, false)] })], 'rate')[0],
  ).toMatch(
    /^koa: sustains one event per 50ms on each stream \(1 of 1 round\), but not one event per 25ms/,
  );
});

test('a search without an upper limit, and one without a sustained load', () => {
  expect(
    lines([found({ tooMuch: null }), found({ most: null, tooMuch: 1, steps: [step(1, false)] })]),
  ).toEqual([
    'koa: sustains 2,400 streams (2 of 3 rounds); higher loads were not tried.',
    'koa: does not sustain the lowest load, 1 stream (1 of 1 round failed): delivery.p99 < 50ms does not hold: 81.0 ms. Limit reached first: the server’s CPU.',
  ]);
});

test('nothing for a search that was interrupted before it found a load', () =>
  expect(lines([found({ most: null, tooMuch: null, steps: [] })])).toEqual([]));
