import { expect, test } from 'vitest';
import { measuredRound } from '../../tests/fixtures/helpers/result.ts';
import type { MeasuredRound } from '../../result/run-result.ts';
import { trendsOfRounds } from '../../verdict/trends.ts';
import { trendLines } from './trends.ts';

/** A measurement of two minutes, starting after 1 s, in which memory grows by 1 MB per minute. */
function longRound(overrides: Partial<MeasuredRound> = {}): MeasuredRound {
  const samples = Array.from({ length: 250 }, (_, n) => {
    const atMs = 500 * (n + 1);
    const isMeasured = atMs >= 1_000 && atMs <= 121_000;
    return {
      atMs,
      open: 1,
      eventsPerSecond: 1,
      loopDelayMs: null,
      deliveryMs: n % 2 ? 1 : 1.1,
      cpuShare: 0.1,
      rssBytes: isMeasured ? 2 ** 20 * (100 + atMs / 60_000) : 1,
      descriptors: 5,
      connections: null,
    };
  });
  const timeline = {
    phases: [
      { phase: 'measure', atMs: 1_000 },
      { phase: 'disconnect', atMs: 121_000 },
    ],
    samples,
  };
  return measuredRound('koa', 1, { durationMs: 120_000, timeline, ...overrides });
}

test('a round of two minutes: what grows, and what has no significant trend', () => {
  const [line, ...others] = trendLines(trendsOfRounds([longRound()]));
  expect(others).toEqual([]);
  expect(line).toMatch(
    /^koa, round 1: memory grows by 60(\.0)? MB per hour \(60(\.0)? to 60(\.0)?\); mean delivery has no significant trend: -?0(\.\d+)? ms per hour \(-\d\.?\d* to \d\.?\d*\)\.$/,
  );
});

test('a short round, or one without figures, has no line', () => {
  expect(
    trendLines(
      trendsOfRounds([
        longRound({ durationMs: 59_000 }),
        longRound({ timeline: { phases: [], samples: [] } }),
      ]),
    ),
  ).toEqual([]);
});
