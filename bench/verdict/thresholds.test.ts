import { describe, expect, test } from 'vitest';
import { failedRound, measuredRound, runResult } from '../tests/fixtures/helpers/result.ts';
import { metrics } from '../metrics/metrics.ts';
import { createHistogram } from '../measure/histogram.ts';
import type { RoundResult } from '../result/run-result.ts';
import { accepted, refused } from '../scenario/complaint.ts';
import { findingsOf } from './findings.ts';
import { readThreshold, type Threshold } from './thresholds.ts';

test.each<[string, Omit<Threshold, 'text'>]>([
  ['delivery.p99 < 50ms', { metric: 'delivery.p99', operator: '<', limit: 50 }],
  ['delivery.p99.9<=1.5s', { metric: 'delivery.p99.9', operator: '<=', limit: 1_500 }],
  ['  gap.max  >  250 us ', { metric: 'gap.max', operator: '>', limit: 0.25 }],
  ['cpu < 0.1ms', { metric: 'cpu', operator: '<', limit: 100 }],
  ['cpu < 30µs', { metric: 'cpu', operator: '<', limit: 30 }],
  ['memory <= 1MB', { metric: 'memory', operator: '<=', limit: 1_024 }],
  ['bytes >= 2MB/s', { metric: 'bytes', operator: '>=', limit: 2_048 }],
  ['events >= 9900/s', { metric: 'events', operator: '>=', limit: 9_900 }],
  ['achieved > 99.5%', { metric: 'achieved', operator: '>', limit: 99.5 }],
  ['missing = 0', { metric: 'missing', operator: '=', limit: 0 }],
])('%s', (text, threshold) =>
  expect(readThreshold(text)).toEqual(accepted({ text: text.trim(), ...threshold })),
);

test('every metric can have a threshold in its own unit', () => {
  for (const { name, unit } of metrics)
    expect(readThreshold(`${name} < 1${unit}`)).toMatchObject({
      value: { metric: name, limit: 1 },
    });
});

test.each([
  ['', /a metric, an operator \(< <= > >= =\) and a number with its unit/],
  ['delivery.p99', /a metric, an operator/],
  ['delivery.p99 < fast', /a metric, an operator/],
  ['delivery.p99 < -1ms', /a metric, an operator/],
  ['delivery.p99 == 1ms', /a metric, an operator/],
  ['delivery.p98 < 1ms', /^unknown metric; did you mean delivery\.p9\d\?$/],
  [
    'frobnication < 1',
    /^unknown metric; choose from headers\.\{p50,p90,p95,p99,p99\.9,max\}, .*\bcpu, .*\bmissing, /,
  ],
  [
    'delivery.p99 < 50',
    /in ns, µs, us, ms, s, since delivery\.p99 is measured in ms, such as --expect 'delivery\.p99 < 50ms'/,
  ],
  ['delivery.p99 < 50KB', /in ns, µs, us, ms, s/],
  ['delivery.p99 < 50constructor', /in ns, µs, us, ms, s/],
  ['missing = 0ms', /without a unit, since missing is a plain number/],
])('%s is refused', (text, must) =>
  expect(readThreshold(text)).toEqual(refused(expect.stringMatching(must))),
);

const judged = (text: string, ...rounds: RoundResult[]) =>
  findingsOf(runResult(['koa'], rounds, { expect: [text] })).thresholds[0];
const missing = (round: number, events: number) =>
  measuredRound('koa', round, {
    counts: { ...measuredRound('koa', round).counts, missing: events },
  });
const events = (round: number, durationMs: number) => measuredRound('koa', round, { durationMs });

describe('a threshold is judged by', () => {
  test('the median of the rounds', () => {
    // 25,000, 10,000 and 5,000 per second.
    const rounds = [events(1, 1_000), events(2, 2_500), events(3, 5_000)];
    expect(judged('events >= 10000/s', ...rounds)).toMatchObject({ state: 'held', found: 10_000 });
    expect(judged('events > 10000/s', ...rounds)).toMatchObject({ state: 'broken', found: 10_000 });
    expect(judged('events < 10001/s', ...rounds)).toMatchObject({ state: 'held' });
    expect(judged('events <= 9999/s', ...rounds)).toMatchObject({ state: 'broken' });
    expect(judged('events = 10000/s', ...rounds)).toMatchObject({ state: 'held' });
  });

  test('the worst round for a count', () => {
    const rounds = [missing(1, 0), missing(2, 0), missing(3, 4)];
    expect(judged('missing = 0', ...rounds)).toMatchObject({ state: 'broken', found: 4 });
    expect(judged('missing <= 3', ...rounds)).toMatchObject({ state: 'broken', found: 4 });
    expect(judged('missing <= 4', ...rounds)).toMatchObject({ state: 'held', found: 4 });
    expect(judged('missing >= 1', ...rounds)).toMatchObject({ state: 'broken', found: 0 });
  });

  test('all rounds together for a percentile, and the longest for a maximum', () => {
    const lasting = (round: number, durationMs: number) => {
      const histogram = createHistogram();
      for (let n = 0; n < 1_000; n++) histogram.recordNs(durationMs * 1e6);
      return measuredRound('koa', round, {
        histograms: { ...measuredRound('koa', round).histograms, delivery: histogram.encode() },
      });
    };
    const rounds = [lasting(1, 10), lasting(2, 10), lasting(3, 80)];
    expect(judged('delivery.p99 < 50ms', ...rounds)).toMatchObject({
      state: 'broken',
      found: expect.closeTo(80, 0),
    });
    expect(judged('delivery.max < 50ms', ...rounds)).toMatchObject({ state: 'broken' });
    expect(judged('delivery.p50 < 50ms', ...rounds)).toMatchObject({
      state: 'held',
      found: expect.closeTo(10, 0),
    });
  });

  test('each server', () => {
    const result = runResult(
      ['koa', 'h3'],
      [measuredRound('koa', 1), measuredRound('h3', 1, { process: null })],
      { expect: ['cpu < 30µs', 'delivery.p99 < 5ms'] },
    );
    expect(findingsOf(result).thresholds.map(({ server, state }) => [server, state])).toEqual([
      ['koa', 'held'],
      ['koa', 'broken'],
      ['h3', 'unknown'],
      ['h3', 'broken'],
    ]);
  });
});

test.each([
  ['too few samples', 'delivery.p99.9 < 1s', [measuredRound('koa', 1)], 'too few samples'],
  [
    'no such figure',
    'cpu < 1s',
    [measuredRound('koa', 1, { process: null })],
    'not available for this server',
  ],
  ['no measured round', 'cpu < 1s', [failedRound('koa', 1)], 'nothing was measured'],
  [
    'no valid round',
    'cpu < 1s',
    [measuredRound('koa', 1, { doubts: [{ check: 'ports', finding: '', remedy: '' }] })],
    'all its rounds are invalid',
  ],
])('%s: unknown, which does not pass', (_what, text, rounds, reason) =>
  expect(judged(text, ...rounds)).toMatchObject({ state: 'unknown', found: undefined, reason }),
);
