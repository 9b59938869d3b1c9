/**
 * Loads other than steady streams: the planned streams arrive, and the figures are those of the
 * server.
 */
import { describe, expect, test, vi } from 'vitest';
import { catalog } from '../../../servers/catalog.ts';
import { fire } from '../../generator/finite/volley.ts';
import { figuresOf, fixture, measured, measureOnce } from '../fixtures/helpers/round.ts';
import { figured, nothingLeftRunning, watchChildren } from '../fixtures/helpers/watch-children.ts';
import { useWrongServer } from '../fixtures/helpers/wrong-server.ts';
import { readingsOf } from '../../metrics/metric.ts';
import type { Churn } from '../../scenario/kinds/churn.ts';
import type { CloseMethod } from '../../scenario/scenario.ts';
import { placement } from '../../system/cores.ts';
import { startServer } from '../../under-test/server.ts';

const ourChildren = watchChildren();
const wrong = useWrongServer(placement()?.server);
nothingLeftRunning(ourChildren, () => [wrong.pid()]);

const churn: Churn = {
  kind: 'churn',
  perSecond: 40,
  spacing: 'constant',
  lifetimeMs: 500,
  lifetimes: 'fixed',
};
const arriving = { load: churn, rampMs: 500, warmUpMs: 200, durationMs: 1_500 };

describe('clients that arrive and disconnect', () => {
  test('the planned number of streams arrives, each for its lifetime', figured, async () => {
    const { result, observed } = await wrong.measure({}, { scenario: arriving });
    // From 0 to 2,150 ms, one stream every 25 ms. Streams from the last 500 ms are all open at
    // the end.
    expect(observed).toMatchObject({ streams: 86, fin: 86, reset: 0 });
    const { counts, openAtEnd, planned, failures } = measured(result);
    expect({ planned, failures, counts }).toMatchObject({
      planned: 86,
      failures: {},
      counts: { started: 86, opened: 86, stopped: 86, missing: 0 },
    });
    expect(Math.abs(openAtEnd - 18)).toBeLessThanOrEqual(1);
    // In ten intervals a stream receives nine events, because the first comes after one interval.
    expect(figuresOf(result).achieved).toBeGreaterThan(84);
    expect(figuresOf(result).achieved).toBeLessThan(96);
  });

  test('random arrivals keep open as many streams as arrive in a lifetime', figured, async () => {
    const random: Churn = {
      kind: 'churn',
      perSecond: 200,
      spacing: 'poisson',
      lifetimeMs: 500,
      lifetimes: 'random',
    };
    const { result, observed } = await wrong.measure(
      {},
      { scenario: { ...arriving, load: random, rampMs: 1_500 } },
    );
    expect(observed.streams).toBe(measured(result).planned);
    expect(Math.abs(measured(result).openAtEnd - 100)).toBeLessThan(40); // four standard deviations
  });

  test(
    'times count from the scheduled start, also while the server is blocked',
    figured,
    async () => {
      const { result } = await wrong.measure({ block: 500, at: 900 }, { scenario: arriving });
      // For 500 ms the server accepts no connection, so the first client waited for all of it.
      const { 'headers.max': longest, 'headers.p50': half } = figuresOf(result);
      expect(longest).toBeGreaterThan(470);
      expect(longest).toBeLessThan(530);
      expect(half).toBeLessThan(20);
    },
  );

  test('timers of disconnected streams count as held at the end', figured, async () => {
    const round = async (file: string) =>
      (await measureOnce({ kind: 'reference', name: 'it', file }, { scenario: arriving })).result;
    const clean = await round(catalog['node-http']!.file);
    expect(figuresOf(clean)['held-timers']).toBe(0);
    // No stream disconnects between the measurement and the end, while the server is inspected. So
    // all open streams are released.
    expect(Math.abs(measured(clean).openAtEnd - 26)).toBeLessThanOrEqual(1); // 18, and 8 quiet ones
    expect(readingsOf(measured(clean)).durations.release.count).toBe(measured(clean).openAtEnd - 8);
    expect(figuresOf(await round(fixture('keeps-timers')))['held-timers']).toBeGreaterThan(80);
  });
});

describe('an unlimited rate', () => {
  const flood = {
    streams: 10,
    quietStreams: 0,
    intervalMs: 0,
    rampMs: 100,
    warmUpMs: 300,
    durationMs: 1_000,
  };

  test('thousands of events of the requested size arrive, and none is lost', figured, async () => {
    const { result } = await measureOnce(
      { kind: 'reference', name: 'it', file: catalog['node-http']!.file },
      { scenario: { ...flood, payloadBytes: 1_000 } },
    );
    const { counts } = measured(result);
    const { events, fairness, missing, duplicate, achieved } = figuresOf(result);
    expect(events).toBeGreaterThan(5_000);
    expect({ missing, duplicate, achieved }).toEqual({
      missing: 0,
      duplicate: 0,
      achieved: undefined,
    });
    expect(fairness).toBeGreaterThan(90);
    // `data: ` and two newlines.
    expect(counts.bodyBytes / counts.events).toBeCloseTo(1_008, -1);
    expect(
      measured(result).process!.cpuNs / 1e6 / measured(result).process!.cpuOverMs,
    ).toBeGreaterThan(0.7);
  });
});

describe('clients that stop reading', () => {
  // With 64 KB every 20 ms, the system's buffers of one stream are full after 1 to 2 s.
  const stopping = {
    streams: 10,
    quietStreams: 0,
    slowReaders: 5,
    intervalMs: 20,
    payloadBytes: 65_536,
    rampMs: 200,
    warmUpMs: 3_000,
    durationMs: 2_500,
  };
  const stalled = async (file: string) =>
    figuresOf(
      (await measureOnce({ kind: 'reference', name: 'it', file }, { scenario: stopping })).result,
    );

  test('a server without backpressure grows by all events sent to them', figured, async () => {
    const {
      'slow-growth': growth,
      evicted,
      achieved,
      missing,
    } = await stalled(catalog['node-http']!.file);
    // 50 per second, 64 KB each.
    expect(growth! / (50 * 64)).toBeGreaterThan(0.8);
    expect(growth! / (50 * 64)).toBeLessThan(1.2);
    expect({ evicted, missing }).toEqual({ evicted: 0, missing: 0 });
    expect(achieved).toBeGreaterThan(90);
  });

  test('a server that evicts them does not grow', figured, async () => {
    const {
      'slow-growth': growth,
      evicted,
      'evicted-after': afterMs,
    } = await stalled(fixture('evicts-slow-readers'));
    expect(evicted).toBe(5);
    expect(afterMs).toBeLessThan(3_000);
    expect(growth).toBeLessThan(200);
  });
});

test('remaining streams are late while the server releases the others', figured, async () => {
  const storm = async (closeMs: string, disconnect: CloseMethod) => {
    vi.stubEnv('CLOSE_MS', closeMs);
    const scenario = { streams: 60, quietStreams: 0, remainingStreams: 20, disconnect };
    const { result } = await measureOnce(
      { kind: 'reference', name: 'it', file: fixture('computes-at-close') },
      { generators: disconnect === 'kill' ? 2 : 1, scenario },
    );
    vi.unstubAllEnvs();
    return figuresOf(result);
  };
  expect((await storm('0', 'reset'))['storm-loop-delay.max']).toBeLessThan(50);
  for (const mode of ['fin', 'kill'] as const) {
    const stormy = await storm('3', mode);
    // 60 times 3 ms, in one turn of the event loop or a few. If a process is killed, the system
    // closes its streams one after another.
    expect(stormy['storm-loop-delay.max']).toBeGreaterThan(mode === 'kill' ? 60 : 90);
    expect(stormy['storm-loop-delay.max']).toBeLessThan(220);
    expect(stormy['storm-delivery.p50']).toBeLessThan(10);
    expect(stormy['release.max']).toBeGreaterThan(150);
    expect(stormy).toMatchObject({ 'held-timers': 0, 'held-sockets': 0, failed: 0, opened: 60 });
  }
});

describe('streams that end', () => {
  const finite = (eventsEach: number, intervalMs: number) => ({
    load: { kind: 'finite' as const, eventsEach },
    intervalMs,
    streams: 10,
    quietStreams: 0,
    durationMs: 1_500,
  });

  test(
    'ten connections with one event after 100 ms give at most 100 streams/s',
    figured,
    async () => {
      const { result } = await measureOnce(
        { kind: 'reference', name: 'it', file: catalog['node-http']!.file },
        { generators: 0, scenario: finite(1, 100) },
      );
      const { streams, plain, 'cpu-per-stream': cpu, ...figures } = figuresOf(result);
      expect(streams).toBeGreaterThan(80);
      expect(streams).toBeLessThan(101);
      expect(plain).toBeGreaterThan(1_000);
      expect(cpu).toBeGreaterThan(20);
      expect(figures).toMatchObject({ failed: 0, 'held-timers': 0, 'held-sockets': 0 });
      expect(measured(result).generators).toHaveLength(2);
    },
  );

  test.each([
    ['ends them too early', 'ends-early', { short: true }],
    ['refuses them', 'refuses', { refused: true }],
  ])('a server that %s does not count as fast', figured, async (_what, file, failing) => {
    const server = await startServer(fixture(file), placement()?.server);
    const task = {
      url: `${server.origin}/event?limit=5&interval=1`,
      headers: {},
      connections: 10,
      events: 5,
      durationMs: 1_000,
      timeoutMs: 5_000,
    };
    const { answered, short, refused } = await fire(
      task,
      placement()?.load,
      new AbortController().signal,
    );
    await server.stop();
    expect({
      answered,
      ...(short > 100 && { short: true }),
      ...(refused > 100 && { refused: true }),
    }).toEqual({ answered: 0, ...failing });
  });
});

test('a fairness of 90 % results from half of the streams at half rate', figured, async () => {
  const { result } = await wrong.measure({ 'slow-half': 2 }, { scenario: { durationMs: 2_000 } });
  // (1 + ½)² / (2 (1 + ¼)).
  expect(Math.abs(figuresOf(result).fairness! - 90)).toBeLessThan(1);
});
