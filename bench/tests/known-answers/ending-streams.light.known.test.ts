/**
 * Streams that a server ends by itself, and clients that all disconnect at once: the figures show
 * exactly the caused lifetimes, outages and lost events.
 */
import { expect, test, vi } from 'vitest';
import { figuresOf, fixture, measureReference } from '../fixtures/helpers/round.ts';
import { figured, nothingLeftRunning, watchChildren } from '../fixtures/helpers/watch-children.ts';

nothingLeftRunning(watchChildren(), () => []);

const streams = 40;
const reconnect = { retryMs: 200, jitterMs: 0 };

async function measured(
  env: Record<string, string>,
  scenario: NonNullable<Parameters<typeof measureReference>[1]>['scenario'],
) {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const { result } = await measureReference(fixture('ends-streams'), {
    scenario: { streams, quietStreams: 0, rampMs: 200, durationMs: 1_900, ...scenario },
  });
  vi.unstubAllEnvs();
  return result;
}

test('a server that resumes: lifetimes and outages, without lost events', figured, async () => {
  // Each stream lives for 700 ms and reconnects after 200 ms, at least twice in 2.2 s.
  const figures = figuresOf(await measured({ LIFE: '700' }, { reconnect }));
  expect(figures).toMatchObject({
    opened: streams,
    ended: 0,
    failed: 0,
    broken: 0,
    'failed-attempts': 0,
    'missed-over-cut': 0,
    'doubled-over-cut': 0,
  });
  expect(figures.lost).toBeGreaterThanOrEqual(2 * streams);
  expect(figures['lifetime.p50']).toBeGreaterThan(695);
  expect(figures['lifetime.p50']).toBeLessThan(760);
  expect(figures['outage.p50']).toBeGreaterThan(245);
  expect(figures['outage.p50']).toBeLessThan(320);
});

test('a server that skips events: each reconnect misses them', figured, async () => {
  const figures = figuresOf(await measured({ LIFE: '700', SKIP: '3' }, { reconnect }));
  const reconnects = Number(figures.resumed);
  expect(reconnects).toBeGreaterThanOrEqual(2 * streams);
  expect(figures['missed-over-cut']).toBe(3 * reconnects);
  expect(figures['doubled-over-cut']).toBe(0);
});

test('a server that forgets its clients: each reconnect repeats all events', figured, async () => {
  const figures = figuresOf(await measured({ LIFE: '700', FORGETS: '' }, { reconnect }));
  expect(figures['missed-over-cut']).toBe(0);
  // 700 ms have 13 or 14 events.
  const each = Number(figures['doubled-over-cut']) / Number(figures.resumed);
  expect(each).toBeGreaterThanOrEqual(12);
  expect(each).toBeLessThanOrEqual(14);
});

test('without --reconnect, the failure names the lifetime and the option', figured, async () => {
  expect(await measured({ LIFE: '700' }, {})).toMatchObject({
    state: 'failed',
    message: expect.stringMatching(
      /^all 40 streams were ended by the server after 7\d\dms \(median\); .*--reconnect/,
    ),
  });
});

test('all clients disconnect at once, and resume after their last event', figured, async () => {
  const load = { kind: 'reconnect', how: 'client', ...reconnect } as const;
  const figures = figuresOf(await measured({ LIFE: '60000', SKIP: '2' }, { load }));
  expect(figures).toMatchObject({
    cut: streams,
    'not-reconnected': 0,
    'failed-attempts': 0,
    'missed-over-cut': 2 * streams,
    'doubled-over-cut': 0,
    failed: 0,
  });
  expect(figures['recovery.p50']).toBeGreaterThan(245);
  expect(figures['recovery.p50']).toBeLessThan(320);
});
