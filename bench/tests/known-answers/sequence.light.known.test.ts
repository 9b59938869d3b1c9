/** Servers that lose, duplicate, swap, cut or collect a known number of events or streams. */
import { afterAll, describe, expect, test } from 'vitest';
import { figuresOf, measured } from '../fixtures/helpers/round.ts';
import { figured, nothingLeftRunning, watchChildren } from '../fixtures/helpers/watch-children.ts';
import { useWrongServer } from '../fixtures/helpers/wrong-server.ts';
import { placement } from '../../system/cores.ts';

const ourChildren = watchChildren();
const wrong = useWrongServer(placement()?.server);
nothingLeftRunning(ourChildren, () => [wrong.pid()], afterAll);

// Counts are exact even on a busy machine, so these tests can run concurrently.
describe.concurrent('the sequence of events', () => {
  // Numbers 0 to 400, then only comments. Lost: 9, 19, … 399; duplicated: 3, 28, … 378; swapped
  // with the next: 20, 60, … 380.
  const fast = { intervalMs: 3, durationMs: 1_900, rampMs: 100, warmUpMs: 300 };
  test.each([
    [1, { lose: 10 }, { missing: 40, duplicate: 0, 'out-of-order': 0, flawed: 1 }],
    [1, { double: 25 }, { missing: 0, duplicate: 16, 'out-of-order': 0, flawed: 1 }],
    [1, { swap: 40 }, { missing: 0, duplicate: 0, 'out-of-order': 10, flawed: 1 }],
    [
      1,
      { lose: 10, double: 25, swap: 40 },
      { missing: 40, duplicate: 16, 'out-of-order': 10, flawed: 1 },
    ],
    [
      30,
      { lose: 10, double: 25, swap: 40 },
      { missing: 1_200, duplicate: 480, 'out-of-order': 300, flawed: 30 },
    ],
    [30, {}, { missing: 0, duplicate: 0, 'out-of-order': 0, flawed: 0 }],
  ])('%i streams with the faults %j give %j', figured, async (streams, faults, found) => {
    const { result } = await wrong.measure(
      { ...faults, until: 401 },
      { scenario: { ...fast, streams } },
    );
    expect(figuresOf(result)).toMatchObject({ ...found, failed: 0 });
    const { counts } = measured(result);
    expect(counts.eventsInAll).toBe(401 * streams - found.missing + found.duplicate);
  });
});

test('silent, reset and refused streams fail with different causes', figured, async () => {
  const { result } = await wrong.measure({ fail: 1 }, { scenario: { durationMs: 2_000 } });
  expect(measured(result).failures).toMatchObject({
    stalled: {
      count: 10,
      example: expect.stringMatching(
        /^nothing received in the last \d\.\d s; .* a proxy may buffer its events$/,
      ),
    },
    'connection reset': { count: 10, example: 'read ECONNRESET' },
    'status 503': { count: 10, example: '503 Service Unavailable' },
  });
  expect(figuresOf(result)).toMatchObject({ opened: 30, failed: 30, ended: 0, missing: 0 });
});

// These tests count, or wait for seconds. None measures a time that another could disturb.
describe.concurrent('streams with an unknown interval', () => {
  const scenario = { durationMs: 3_500, intervalMs: 50 };

  test('streams that stay silent fail, judged by their own longest gap', figured, async () => {
    const { result } = await wrong.measure({ hold: 60_000, at: 1_600 }, { scenario }, false);
    const example =
      /40 × stalled \(nothing received in the last 2\.\d s, after (2[5-9]|3\d) events that were at most 0\.\d s apart; if such pauses are normal, give the longest one with --interval\)/;
    expect(result).toMatchObject({
      state: 'failed',
      phase: 'measure',
      message: expect.stringMatching(example),
    });
  });

  test.each([
    ['streams with an event every 1.5 s', { period: 1_500 }],
    ['streams with ten events at once, every 1.5 s', { period: 150, batch: 10 }],
    ['streams that send everything at once and then wait', { period: 10, hold: 60_000, at: 500 }],
    ['streams that send only comments after 20 events', { until: 20 }],
  ])('%s do not fail', figured, async (_what, faults) => {
    const { result } = await wrong.measure(faults, { scenario }, false);
    expect(measured(result)).toMatchObject({ failures: {}, counts: { opened: 40, stopped: 40 } });
  });
});

describe('TCP segments', () => {
  test.each([
    ['one event in each segment', {}, 1],
    ['ten events in each segment', { batch: 10 }, 10],
    ['one event in ten segments', { pieces: 10 }, 0.1],
  ])(
    '%s are all read, with the right number of events per read',
    figured,
    async (_what, faults, eventsPerRead) => {
      const { result } = await wrong.measure(
        { ...faults, until: 100 },
        {
          scenario: { streams: 10, intervalMs: 100, durationMs: 2_000, rampMs: 100, warmUpMs: 200 },
        },
      );
      const figures = figuresOf(result);
      expect(figures).toMatchObject({ missing: 0, duplicate: 0, failed: 0 });
      expect(figures.events).toBeGreaterThan(85);
      expect(figures.events).toBeLessThan(111);
      expect(figures['events-per-read']! / eventsPerRead).toBeGreaterThan(0.95);
      expect(figures['events-per-read']! / eventsPerRead).toBeLessThan(1.15);
    },
  );
});
