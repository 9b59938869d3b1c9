import { describe, expect, test } from 'vitest';
import { failedRound, measuredRound, runResult } from '../tests/fixtures/helpers/result.ts';
import { readingsOf } from './metric.ts';
import { metrics } from './metrics.ts';
import { spreadOf, summarise } from './summary.ts';
import { roundsByServer } from './server-rounds.ts';

const figures = (overrides: Parameters<typeof measuredRound>[2] = {}) => {
  const readings = readingsOf(measuredRound('it', 1, overrides));
  return Object.fromEntries(metrics.map(({ name, of }) => [name, of(readings)]));
};

describe('figures of one round', () => {
  test('are computed from the counts', () => {
    expect(figures()).toMatchObject({
      events: 10_000,
      achieved: 100,
      drift: expect.closeTo(1, 5),
      bytes: 200,
      cpu: 20,
      'events-per-core': 50_000,
      memory: 6,
      rss: 30,
      'held-timers': 0,
      'held-sockets': 0,
      opened: 1000,
      failed: 0,
      dropped: 0,
      ended: 0,
      missing: 0,
      duplicate: 0,
      'out-of-order': 0,
      'events-per-read': 1,
      flawed: 0,
      'not-utf8': 0,
      conserved: 100,
      'listen-overflows': 0,
      'generator-pause': 0,
      'generator-waiting': 1,
      'server-waiting': 1,
      'generator-loop': 20,
      'generator-delay': 3,
      'generator-cpu': 10,
      'generator-rss': 150,
      stolen: 1,
      'delivery.p50': expect.closeTo(5, 1),
      'delivery.p95': expect.closeTo(10, 1),
      'delivery.p99': expect.closeTo(10, 1),
      'delivery.max': expect.closeTo(10, 1),
    });
  });

  test('a server that ssebench did not start has no process metrics', () => {
    expect(figures({ process: null })).toMatchObject({
      cpu: undefined,
      memory: undefined,
      rss: undefined,
      'held-timers': undefined,
    });
  });

  test('data without a counter has no sequence metrics', () => {
    const { counts } = measuredRound('it', 1);
    expect(figures({ counts: { ...counts, uncounted: 1 } })).toMatchObject({
      missing: undefined,
      duplicate: undefined,
    });
  });

  test('a round without events has no infinite figures', () => {
    const { counts } = measuredRound('it', 1);
    const empty = figures({
      counts: { ...counts, events: 0, gaps: 0, gapsSumNs: 0, eventsInAll: 0 },
    });
    for (const [name, figure] of Object.entries(empty)) {
      expect([name, figure === undefined || Number.isFinite(figure)]).toEqual([name, true]);
    }
  });

  test('dropped and failed streams are separate counts', () => {
    const { counts } = measuredRound('it', 1);
    const some = figures({
      counts: { ...counts, started: 990 },
      failures: {
        stalled: { count: 2, example: '' },
        'connection reset': { count: 3, example: '' },
      },
    });
    expect(some).toMatchObject({ dropped: 10, failed: 5 });
  });
});

test('every metric has a unique name, and a definition in a sentence', () => {
  expect(new Set(metrics.map(({ name }) => name)).size).toBe(metrics.length);
  for (const { definition } of metrics) expect(definition).toMatch(/^[A-Z].*\.$/);
});

test.each([
  [[3, 1, 2], { median: 2, min: 1, max: 3 }],
  [[4, 1], { median: 2.5, min: 1, max: 4 }],
  [[5], { median: 5, min: 5, max: 5 }],
  [[1, undefined], undefined],
  [[], undefined],
])('spread of %j', (values, expected) => expect(spreadOf(values)).toEqual(expected));

test('a quantile is shown if all rounds together have enough samples', () => {
  const p999 = (rounds: number) => {
    // Each round has 1,000 samples.
    const measured = Array.from({ length: rounds }, (_, n) => measuredRound('koa', n + 1));
    return summarise(roundsByServer(runResult(['koa'], measured)))[0]!.figures.get(
      'delivery.p99.9',
    );
  };
  expect(p999(9)).toBe('too few');
  expect(p999(10)).toMatchObject({ median: expect.closeTo(10, 1) });
});

test('figures come from measured rounds, and failed rounds are listed', () => {
  const result = runResult(
    ['koa', 'hono', 'h3'],
    [
      measuredRound('koa', 1, { failures: { stalled: { count: 1, example: 'a' } } }),
      failedRound('hono', 1),
      measuredRound('koa', 2, {
        durationMs: 5_000,
        failures: { stalled: { count: 2, example: 'b' } },
      }),
      failedRound('koa', 3),
    ],
  );
  const [koa, hono, h3] = summarise(roundsByServer(result));
  expect(koa).toMatchObject({
    server: 'koa',
    measuredRounds: 2,
    failures: { stalled: { count: 3, example: 'a' } },
  });
  expect(koa!.failedRounds).toHaveLength(1);
  expect(koa!.figures.get('events')).toEqual({ median: 7_500, min: 5_000, max: 10_000 });
  expect(hono).toMatchObject({ measuredRounds: 0 });
  expect(hono!.figures.get('events')).toBeUndefined();
  expect(h3).toMatchObject({ measuredRounds: 0, failedRounds: [] });
});

test('invalid rounds are excluded, unless there are no valid ones', () => {
  const doubts = [{ check: 'ports', finding: 'none left', remedy: 'Fewer.' }];
  const invalid = (round: number) => measuredRound('koa', round, { doubts, durationMs: 5_000 });
  const [some] = summarise(
    roundsByServer(
      runResult(['koa'], [measuredRound('koa', 1), invalid(2), measuredRound('koa', 3)]),
    ),
  );
  expect(some).toMatchObject({ measuredRounds: 2, invalid: false, invalidRounds: [{ round: 2 }] });
  expect(some!.figures.get('events')).toEqual({ median: 10_000, min: 10_000, max: 10_000 });
  const [none] = summarise(
    roundsByServer(runResult(['koa'], [invalid(1), invalid(2), failedRound('koa', 3)])),
  );
  expect(none).toMatchObject({
    measuredRounds: 2,
    invalid: true,
    invalidRounds: [{ round: 1 }, { round: 2 }],
  });
  expect(none!.figures.get('events')).toMatchObject({ median: 5_000 });
});

test('rounds with other event names add no more rows than one round', () => {
  const named = (round: number) =>
    Array.from({ length: 20 }, (_, n) => ({
      name: `${round}-${n}`,
      events: 1,
      gap: '',
      delivery: '',
    }));
  const rounds = [1, 2].map((round) => measuredRound('it', round, { byEvent: named(round) }));
  const [{ byEvent }] = summarise(roundsByServer(runResult(['it'], rounds))) as [
    ReturnType<typeof summarise>[number],
  ];
  expect(byEvent).toHaveLength(21);
  expect(byEvent.at(-1)).toMatchObject({ name: '(other names)', events: 20 });
});
