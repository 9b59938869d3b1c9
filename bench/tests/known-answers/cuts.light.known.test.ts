/**
 * Streams that the server cuts, and whose clients reconnect: the figures show exactly the caused
 * number of cuts, delays and events.
 */
import { describe, expect, test, vi } from 'vitest';
import { catalog } from '../../../servers/catalog.ts';
import {
  figuresOf,
  fixture,
  measured,
  measureOnce,
  type RoundOverrides,
} from '../fixtures/helpers/round.ts';
import { figured, nothingLeftRunning, watchChildren } from '../fixtures/helpers/watch-children.ts';
import type { Reconnect } from '../../scenario/kinds/reconnect.ts';
import { childrenOf } from '../../system/processes.ts';

const ourChildren = watchChildren();
nothingLeftRunning(ourChildren, () => []);

const streams = 40;
/** Cuts 40 streams with an event every 50 ms, shortly after the start of the measurement. */
async function cut(
  file: string,
  how: Partial<Reconnect> = {},
  { scenario, ...overrides }: RoundOverrides = {},
) {
  const load = { kind: 'reconnect', how: 'end', retryMs: 200, jitterMs: 0, ...how } as const;
  const { result } = await measureOnce(
    { kind: 'reference', name: 'it', file },
    { ...overrides, scenario: { streams, quietStreams: 0, load, ...scenario } },
  );
  return result;
}

/** Measures a server that resumes at the wrong event, by known amounts. */
async function cutWrong(faults: Record<string, number>, scenario: RoundOverrides['scenario'] = {}) {
  for (const [name, amount] of Object.entries(faults)) vi.stubEnv(name, String(amount));
  const result = await cut(fixture('resumes-wrong'), {}, { scenario });
  vi.unstubAllEnvs();
  return result;
}

describe('a server that ends all streams and numbers its events', () => {
  test(
    'all streams reconnect after the requested delay and resume at the next event',
    figured,
    async () => {
      const result = await cut(catalog['node-http']!.file, {}, { generators: 2 });
      const figures = figuresOf(result);
      expect(figures).toMatchObject({
        cut: 40,
        'not-reconnected': 0,
        'failed-attempts': 0,
        'missed-over-cut': 0,
        'doubled-over-cut': 0,
      });
      expect(figures).toMatchObject({
        opened: 40,
        ended: 0,
        failed: 0,
        missing: 0,
        duplicate: 0,
        'held-timers': 0,
        'held-sockets': 0,
      });
      // 200 ms of `retry`, and one interval until the first event.
      expect(figures['recovery.p50']).toBeGreaterThan(249);
      expect(figures['recovery.max']).toBeLessThan(330);
      expect(figures['connect-rate']).toBe(streams * 10);
      // The time between the streams counts as neither a gap, nor a lag, nor a delay.
      for (const name of ['gap.max', 'lag.max', 'loop-delay.max'])
        expect(figures[name]).toBeLessThan(120);
      expect(measured(result).counts.stopped).toBe(streams);
    },
  );

  test(
    'skipped events count as missed, and refused clients retry after twice the delay',
    figured,
    async () => {
      const figures = figuresOf(
        await cutWrong({ SKIP: 3, REFUSE: 10, RETRY: 150 }, { durationMs: 1_500 }),
      );
      expect(figures).toMatchObject({
        cut: 40,
        'not-reconnected': 0,
        'failed-attempts': 10,
        'missed-over-cut': 120,
        'doubled-over-cut': 0,
        missing: 0,
      });
      expect(figures['recovery.p50']).toBeGreaterThan(199);
      expect(figures['recovery.p50']).toBeLessThan(260);
      // 150 + 300 + 50.
      expect(figures['recovery.max']).toBeGreaterThan(499);
      expect(figures['recovery.max']).toBeLessThan(580);
    },
  );

  test('repeated events count as doubled', figured, async () => {
    expect(figuresOf(await cutWrong({ REPEAT: 2, RETRY: 100 }))).toMatchObject({
      cut: 40,
      'missed-over-cut': 0,
      'doubled-over-cut': 80,
      duplicate: 0,
    });
  });

  test('the round fails if no stream can reconnect', figured, async () => {
    const some = await cutWrong({ REFUSE: 100, RETRY: 500 });
    expect(some).toMatchObject({
      state: 'failed',
      phase: 'measure',
      failedAttempts: { 'status 503': { count: 40 } },
    });
    expect(some.state === 'failed' && some.message).toMatch(
      /^no stream reconnected: 40 × .*status 503/,
    );
  });
});

test('a server without event ids repeats all its events', figured, async () => {
  const result = await cut(catalog.floor!.file);
  const {
    'doubled-over-cut': doubled,
    'missed-over-cut': missed,
    missing,
    duplicate,
  } = figuresOf(result);
  // At the cut, a stream has received events for 300 to 500 ms, one every 50 ms; after the cut
  // for 750 ms more.
  expect(doubled! / streams).toBeGreaterThan(5);
  expect(doubled! / streams).toBeLessThan(11);
  expect({ missed, missing, duplicate }).toEqual({ missed: 0, missing: 0, duplicate: 0 });
});

test.each(['restart', 'crash'] as const)(
  'attempts fail during a %s of the server, and then all streams reconnect',
  figured,
  async (how) => {
    const result = await cut(
      catalog['node-http']!.file,
      { how, retryMs: 20, jitterMs: 20 },
      { scenario: { durationMs: 1_500 } },
    );
    const { 'failed-attempts': failed, ...figures } = figuresOf(result);
    expect(figures).toMatchObject({
      cut: 40,
      'not-reconnected': 0,
      failed: 0,
      'missed-over-cut': 0,
      'doubled-over-cut': 0,
      'held-timers': undefined,
    });
    expect(failed).toBeGreaterThan(streams / 2); // it is running again after about 70 ms
    expect(measured(result).failedAttempts).toHaveProperty('connection refused');
    expect(measured(result).timeline.samples.at(-1)).toMatchObject({
      open: streams,
      rssBytes: expect.any(Number) as number,
    });
  },
);

test('the round fails if the server does not restart', figured, async () => {
  const result = await cut(fixture('starts-once'), { how: 'restart' });
  expect(result).toMatchObject({
    state: 'failed',
    phase: 'measure',
    message: 'restart failed: the server did not start: exit code 3',
    exitCode: 3,
    stderr: ['the disk is full'],
    counts: { cut: 40 },
  });
});

test('the round keeps its counts if the server dies during the reconnects', figured, async () => {
  const server = () =>
    childrenOf(process.pid).find(({ command }) => /--inspect/.test(command))!.pid;
  const result = await cut(
    catalog['node-http']!.file,
    { retryMs: 500 },
    {
      onPhase: (phase) =>
        phase === 'measure' && setTimeout(() => process.kill(server(), 'SIGKILL'), 250),
    },
  );
  expect(result).toMatchObject({
    state: 'failed',
    message: 'the server ended unexpectedly: killed by SIGKILL',
    counts: { opened: 40, cut: 40, reconnected: 0 },
  });
});
