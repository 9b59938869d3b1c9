/**
 * How streams disconnect, as the server sees it, and servers that release late or never, by a known
 * amount.
 */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { catalog } from '../../../servers/catalog.ts';
import {
  figuresOf,
  fixture,
  measured,
  measureOnce,
  type RoundOverrides,
} from '../fixtures/helpers/round.ts';
import { figured, nothingLeftRunning, watchChildren } from '../fixtures/helpers/watch-children.ts';
import { useWrongServer } from '../fixtures/helpers/wrong-server.ts';
import { readingsOf } from '../../metrics/metric.ts';
import type { CloseMethod } from '../../scenario/scenario.ts';
import { placement } from '../../system/cores.ts';

const ourChildren = watchChildren();
const wrong = useWrongServer(placement()?.server);
nothingLeftRunning(ourChildren, () => [wrong.pid()]);
afterEach(() => void vi.unstubAllEnvs());

describe('disconnects as the server sees them', () => {
  // Fast events, so that bytes are always in transit when a stream disconnects.
  const busy = { streams: 60, intervalMs: 2, rampMs: 100, warmUpMs: 100, durationMs: 300 };

  test.each<[CloseMethod, object]>([
    ['fin', { fin: 60, reset: 0, beforeHeaders: 0, resetAfterFin: 0 }],
    ['reset', { fin: 0, reset: 60, beforeHeaders: 0 }],
    ['half-close', { fin: 60, reset: 0, beforeHeaders: 0, resetAfterFin: 0 }],
  ])('the server sees streams that disconnect with %s', figured, async (disconnect, seen) => {
    const { observed } = await wrong.measure({}, { scenario: { ...busy, disconnect } });
    expect(observed).toMatchObject(seen);
  });

  test('all streams of a killed process are seen, as FIN or as reset', figured, async () => {
    const { observed } = await wrong.measure(
      {},
      { generators: 2, scenario: { ...busy, disconnect: 'kill' } },
    );
    expect(observed.fin + observed.reset).toBe(60);
  });

  test.each<[CloseMethod, object]>([
    ['fin', { fin: 60, reset: 0, beforeHeaders: 60 }],
    ['reset', { fin: 0, reset: 60, beforeHeaders: 60 }],
  ])(
    'the server sees streams that disconnect with %s before a response',
    figured,
    async (disconnect, seen) => {
      const { observed } = await wrong.measure(
        { 'no-headers': 1 },
        { scenario: { ...busy, disconnect } },
      );
      expect(observed).toMatchObject(seen);
    },
  );
});

describe('release times', () => {
  const released = async (file: string, overrides?: RoundOverrides) => {
    const { result } = await measureOnce({ kind: 'reference', name: 'it', file }, overrides);
    return { figures: figuresOf(result), ...readingsOf(measured(result)).durations };
  };

  test.each([
    ['at once', catalog['node-http']!.file, 0],
    ['100 ms late', fixture('releases-late'), 100],
    ['2 s late', fixture('releases-late'), 2_000],
  ])('the figures show a release %s', figured, async (_what, file, lateMs) => {
    vi.stubEnv('LATE_MS', String(lateMs));
    const { figures, release, quietRelease } = await released(file);
    expect(release.count).toBe(40);
    expect(quietRelease.count).toBe(8);
    for (const durations of [release, quietRelease]) {
      expect(durations.quantileMs(0.01)).toBeGreaterThan(lateMs - 1);
      expect(durations.quantileMs(0.5)).toBeLessThan(lateMs + 12);
      expect(durations.quantileMs(1)).toBeLessThan(lateMs + 60);
    }
    expect(figures).toMatchObject({ 'held-timers': 0, 'held-sockets': 0 });
  });

  test('a server that releases at its next write takes up to an interval', figured, async () => {
    const { figures, release } = await released(fixture('releases-at-write'), {
      scenario: { intervalMs: 500 },
    });
    expect(release.count).toBe(40);
    expect(release.quantileMs(1)).toBeGreaterThan(60); // an immediate release would be faster
    expect(release.quantileMs(1)).toBeLessThan(560);
    expect(figures).toMatchObject({ 'held-timers': 8, 'quiet-release.max': undefined });
  });
});

describe('held timers and sockets', () => {
  test.each([
    [
      'the timers of all streams',
      'keeps-timers',
      Infinity,
      { 'held-timers': 48, 'held-sockets': 0, 'release.max': undefined },
    ],
    ['seven timers', 'keeps-timers', 7, { 'held-timers': 7, 'held-sockets': 0 }],
    ['a single timer', 'keeps-timers', 1, { 'held-timers': 1, 'held-sockets': 0 }],
    ['no timer', 'keeps-timers', 0, { 'held-timers': 0, 'held-sockets': 0 }],
    ['five sockets', 'keeps-sockets', 5, { 'held-timers': 0, 'held-sockets': 5 }],
    ['no socket', 'keeps-sockets', 0, { 'held-timers': 0, 'held-sockets': 0 }],
  ])(
    'a server that keeps %s is reported with exactly this number',
    figured,
    async (_what, file, keep, found) => {
      vi.stubEnv('KEEP', String(keep));
      const { result } = await measureOnce({ kind: 'reference', name: 'it', file: fixture(file) });
      expect(figuresOf(result)).toMatchObject(found);
    },
  );
});
