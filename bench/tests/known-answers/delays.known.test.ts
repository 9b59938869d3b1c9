/** Servers that are late by a known amount, and their figures. */
import { describe, expect, test } from 'vitest';
import { countAbove, figuresOf, measured } from '../fixtures/helpers/round.ts';
import { figured, nothingLeftRunning, watchChildren } from '../fixtures/helpers/watch-children.ts';
import { useWrongServer } from '../fixtures/helpers/wrong-server.ts';
import { readingsOf } from '../../metrics/metric.ts';
import type { RoundResult } from '../../result/run-result.ts';
import { placement } from '../../system/cores.ts';

const ourChildren = watchChildren();
const wrong = useWrongServer(placement()?.server);
nothingLeftRunning(ourChildren, () => [wrong.pid()]);

const durationsOf = (result: RoundResult) => readingsOf(measured(result)).durations;

/** Within 2 ms or 2 %, whichever is larger. */
function expectNear(figureMs: number | undefined, knownMs: number) {
  expect(figureMs).toBeGreaterThan(knownMs - Math.max(2, 0.02 * knownMs));
  expect(figureMs).toBeLessThan(knownMs + Math.max(2, 0.02 * knownMs));
}

describe('delivery latency', () => {
  test('stamps that are 1 s old give 1 s at every quantile', figured, async () => {
    const { result } = await wrong.measure({ late: 1_000 });
    const { delivery } = durationsOf(result);
    expect(delivery.count).toBeGreaterThan(700);
    for (const quantile of [0.5, 0.9, 0.99, 1]) expectNear(delivery.quantileMs(quantile), 1_000);
  });

  test('one late stamp in 100 affects exactly 1 % of the events', figured, async () => {
    const { result } = await wrong.measure(
      { 'late-each': 100, 'late-by': 200 },
      { scenario: { intervalMs: 10, durationMs: 2_000 } },
    );
    const { delivery } = durationsOf(result);
    expectNear(delivery.quantileMs(0.5), 0);
    expectNear(delivery.quantileMs(0.9), 0);
    expect(delivery.quantileMs(0.985)).toBeLessThan(100);
    expectNear(delivery.quantileMs(0.995), 200);
    expectNear(delivery.quantileMs(1), 200);
    const share = countAbove(delivery, 100) / delivery.count;
    // The window is not a multiple of 100 events.
    expect(Math.abs(share - 0.01)).toBeLessThan(0.002);
  });

  test('stamps that grow older by 0.5 s a second are evenly spread', figured, async () => {
    const { result } = await wrong.measure(
      { 'late-growing': 0.5 },
      { scenario: { warmUpMs: 800, durationMs: 2_000 } },
    );
    const { delivery } = durationsOf(result);
    // The measurement lasts from 1 s to 3 s after the first stream.
    expectNear(delivery.quantileMs(0.5), 1_000);
    expectNear(delivery.quantileMs(0.9), 1_400);
    expectNear(delivery.quantileMs(0.99), 1_490);
    expectNear(delivery.quantileMs(1), 1_500);
    // A growing queue has the same effect: in 2 s, the events of 1 s arrive.
    expect(figuresOf(result).conserved).toBeCloseTo(50, 0);
    expect(measured(result).doubts.map(({ check }) => check)).toContain('conserved events');
  });

  test('a constant delay is not a queue', figured, async () => {
    const { result } = await wrong.measure({ late: 1_000 });
    expect(figuresOf(result).conserved).toBeCloseTo(100, 0);
    expect(measured(result).doubts.map(({ check }) => check)).not.toContain('conserved events');
  });

  test('stamps from the future make the round invalid', figured, async () => {
    const { result } = await wrong.measure({ late: -50 });
    expect(measured(result).counts.stampedAhead).toBe(measured(result).counts.stamped);
    expect(measured(result).doubts.map(({ check }) => check)).toContain('one clock');
  });
});

describe('gaps and the schedule', () => {
  test('gaps of 50 ms measure 50 ms, without lag', figured, async () => {
    const { result } = await wrong.measure({});
    const { eventGap, scheduleLag } = durationsOf(result);
    expectNear(eventGap.quantileMs(0.5), 50);
    expect(scheduleLag.quantileMs(0.5)).toBeLessThan(2);
    expect(figuresOf(result)).toMatchObject({ missing: 0, flawed: 0 });
  });

  test('a timer that is 8 % slow counts as drift, not as lag', figured, async () => {
    const { result } = await wrong.measure({ period: 54 }, { scenario: { durationMs: 2_000 } });
    expect(figuresOf(result).drift).toBeGreaterThan(7.5);
    expect(figuresOf(result).drift).toBeLessThan(10.5); // setInterval itself drifts by up to 2 %
    expect(durationsOf(result).scheduleLag.quantileMs(0.5)).toBeLessThan(2);
    expect(durationsOf(result).scheduleLag.quantileMs(0.9)).toBeLessThan(6);
  });

  test(
    'exactly the events held back by the server are late, in lag and delivery',
    figured,
    async () => {
      const { result, observed } = await wrong.measure(
        { hold: 500, at: 900 },
        { scenario: { durationMs: 1_500 } },
      );
      const { delivery, scheduleLag } = durationsOf(result);
      expect(observed.heldMs.length).toBeGreaterThan(350); // 40 streams, ten events each
      const held = (limitMs: number) => observed.heldMs.filter((ms) => ms > limitMs).length;
      for (const limitMs of [50, 100, 250, 400]) {
        // The tolerance covers events within 10 ms of the limit.
        expect(Math.abs(countAbove(delivery, limitMs) - held(limitMs))).toBeLessThanOrEqual(8);
        expect(Math.abs(countAbove(scheduleLag, limitMs) - held(limitMs))).toBeLessThanOrEqual(16);
      }
      expectNear(delivery.quantileMs(1), Math.max(...observed.heldMs));
      expectNear(scheduleLag.quantileMs(1), Math.max(...observed.heldMs));
    },
  );

  test('a server blocked for 500 ms delays all streams, but not delivery', figured, async () => {
    const { result } = await wrong.measure(
      { block: 500, at: 600 },
      { scenario: { durationMs: 1_500 } },
    );
    const { delivery, eventGap, loopDelay, scheduleLag } = durationsOf(result);
    expectNear(scheduleLag.quantileMs(1), 500);
    // The timer that was due first waited longest, and the timers of all streams waited.
    expect(loopDelay.quantileMs(1)).toBeGreaterThan(490);
    expect(loopDelay.quantileMs(1)).toBeLessThan(510);
    expect(countAbove(loopDelay, 440)).toBe(40);
    expect(loopDelay.quantileMs(0.5)).toBeLessThan(2);
    expect(
      Math.max(...measured(result).timeline.samples.map(({ loopDelayMs }) => loopDelayMs ?? 0)),
    ).toBeCloseTo(loopDelay.quantileMs(1)!, -1);
    expect(countAbove(eventGap, 200)).toBe(40);
    // Later events stayed late, because a timer's next tick is counted from its last.
    expect(countAbove(scheduleLag, 400)).toBeGreaterThanOrEqual(40);
    expect(delivery.quantileMs(0.99)).toBeLessThan(50);
  });
});
