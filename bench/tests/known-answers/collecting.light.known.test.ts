/**
 * Servers and proxies that collect events. The report says what they do, and blames nothing else.
 */
import { fromOutside } from '../../scenario/scenario.ts';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { hasProxies, proxies, startProxy } from '../fixtures/helpers/real-proxies.ts';
import {
  figuresOf,
  fixture,
  measured,
  measureOnce,
  type RoundOverrides,
} from '../fixtures/helpers/round.ts';
import { figured, nothingLeftRunning, watchChildren } from '../fixtures/helpers/watch-children.ts';
import type { RoundResult } from '../../result/run-result.ts';
import { placement } from '../../system/cores.ts';
import { startServer, type RunningServer } from '../../under-test/server.ts';

const ourChildren = watchChildren();
const cores = placement()?.server;
let server: RunningServer;
let proxy: RunningServer;
beforeAll(async () => {
  server = await startServer(fixture('wrong'), cores);
  vi.stubEnv('ORIGIN', server.origin);
  proxy = await startServer(fixture('collecting-proxy'), cores);
  vi.unstubAllEnvs();
});
afterAll(async () => void (await Promise.all([proxy.stop(), server.stop()])));
nothingLeftRunning(ourChildren, () => [server.pid, proxy.pid]);

const load = {
  streams: 40,
  quietStreams: 0,
  intervalMs: 50,
  rampMs: 200,
  warmUpMs: 300,
  durationMs: 2_000,
};
/** A generator that pauses for less than this reads each event alone. */
const farApart = { intervalMs: 200 };
let runs = 0;

async function measure(
  origin: string,
  query: Record<string, number>,
  overrides: RoundOverrides = {},
): Promise<RoundResult> {
  const scenario = { ...load, ...overrides.scenario };
  const all = new URLSearchParams({
    key: String(++runs),
    interval: String(scenario.intervalMs),
    ...Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)])),
  });
  return (
    await measureOnce(fromOutside('it', `${origin}/event?${all}`, scenario.intervalMs), {
      ...overrides,
      scenario,
    })
  ).result;
}

/** Doubts that would blame the generators for it. */
const blame = (result: RoundResult) =>
  measured(result).doubts.filter(({ check }) =>
    ['conserved events', 'unread events', 'generator loop'].includes(check),
  );

describe('collected events', () => {
  test('a server that sends ten events at once is measured without blame', figured, async () => {
    const result = await measure(server.origin, { batch: 10 });
    expect(blame(result)).toEqual([]);
    const { 'events-per-read': perRead, 'coalescing.p50': half, missing } = figuresOf(result);
    expect(missing).toBe(0);
    expect(perRead).toBeCloseTo(10, 0);
    // From the first to the last of ten ticks.
    expect(half).toBeGreaterThan(440);
    expect(half).toBeLessThan(475);
  });

  // The measurement can start and end anywhere between two batches, which all streams receive
  // together.
  test.each([1_300, 1_600, 2_000, 2_400])(
    'a proxy that flushes each second is not blamed within %i ms',
    figured,
    async (durationMs) => {
      const result = await measure(
        proxy.origin,
        { shared: 1, 'collect-ms': 1_000 },
        { scenario: { durationMs, streams: 20 } },
      );
      expect(blame(result)).toEqual([]);
      const { 'events-per-read': perRead, 'coalescing.max': longest } = figuresOf(result);
      expect(perRead).toBeGreaterThan(15);
      expect(longest).toBeGreaterThan(850);
      expect(longest).toBeLessThan(1_050);
    },
  );

  test.each([1, 40])(
    '%i streams through a proxy that sends 4 KiB at once are measured',
    figured,
    async (streams) => {
      const result = await measure(
        proxy.origin,
        { 'collect-bytes': 4_096 },
        { scenario: { streams, intervalMs: 4 } },
      );
      expect(blame(result)).toEqual([]);
      expect(figuresOf(result)['events-per-read']).toBeGreaterThan(50);
      expect(figuresOf(result)['coalescing.p50']).toBeGreaterThan(300);
    },
  );

  test('a stream with single events shows no coalescing', figured, async () => {
    const result = await measure(server.origin, {}, { scenario: farApart });
    expect(figuresOf(result)).toMatchObject({ 'events-per-read': 1, 'coalescing.max': 0 });
  });

  test('a growing queue of batched events is attributed to the server', figured, async () => {
    const result = await measure(
      server.origin,
      { batch: 10, 'late-growing': 0.9 },
      { scenario: { intervalMs: 20 } },
    );
    expect(blame(result)).toMatchObject([
      {
        check: 'conserved events',
        finding: expect.stringContaining('a queue of events grows in the server or the network'),
      },
    ]);
  });
});

describe('buffering that lets nothing through', () => {
  test(
    'a proxy that collects events for longer than the measurement is named',
    figured,
    async () => {
      const result = await measure(proxy.origin, { 'collect-bytes': 1e9 });
      expect(result).toMatchObject({
        state: 'failed',
        message: expect.stringMatching(
          /40 × stalled \(nothing received in the last \d\.\d s; .*a proxy may buffer its events\)/,
        ),
      });
    },
  );

  test('a proxy that holds back the headers is named', figured, async () => {
    const result = await measure(proxy.origin, { 'collect-bytes': 1e9, 'hold-headers': 1 });
    expect(result).toMatchObject({
      state: 'failed',
      message: expect.stringMatching(
        /40 × no answer \(no response by the end of the run; .*a proxy may buffer the response\)/,
      ),
    });
  });
});

describe.skipIf(!hasProxies)('common proxies', () => {
  async function through(
    name: keyof typeof proxies,
    overrides: RoundOverrides = {},
  ): Promise<RoundResult> {
    const running = await startProxy(name, server.origin, cores);
    try {
      return await measure(running.origin, {}, overrides);
    } finally {
      await running.stop();
    }
  }

  test.each([50, 100])(
    'haproxy by default batches events sent every %i ms',
    figured,
    async (intervalMs) => {
      const result = await through('haproxy', { scenario: { intervalMs } });
      expect(blame(result)).toEqual([]);
      expect(figuresOf(result)).toMatchObject({ missing: 0, failed: 0 });
      // The system holds outgoing data for up to 200 ms.
      expect(figuresOf(result)['events-per-read']).toBeGreaterThan(1.5);
      expect(figuresOf(result)['coalescing.p90']).toBeGreaterThan(90);
      expect(figuresOf(result)['coalescing.max']).toBeLessThan(230);
    },
  );

  test('nginx without buffering forwards each event at once', figured, async () => {
    const result = await through('nginx without buffering', { scenario: farApart });
    expect(blame(result)).toEqual([]);
    expect(figuresOf(result)['events-per-read']).toBeCloseTo(1, 1);
  });

  test('nginx with buffering gives no answer, with the reason', figured, async () => {
    expect(await through('nginx with buffering')).toMatchObject({
      state: 'failed',
      message: expect.stringMatching(/no answer \(.*may buffer the response\)/),
    });
  });
});
