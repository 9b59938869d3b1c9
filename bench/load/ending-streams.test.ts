/**
 * Clients that reconnect whenever their stream ends, and clients that all disconnect at once: exact
 * figures of a simulated server, in simulated time.
 */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { decodeDurations } from '../measure/durations.ts';
import type { StreamRequest } from '../stream/stream-request.ts';
import type { StreamObserver } from '../stream/stream.ts';
import { loadTask } from '../tests/fixtures/helpers/load-task.ts';
import { startLoad } from './load.ts';
import type { LoadTask, ReconnectTask } from './task.ts';

const ms = 1e6;
const everyMs = 100;
const streams = 4;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** How the simulated server treats its streams. */
interface Behaviour {
  /** It ends each stream after this time. */
  livesMs?: number;
  /** Events that it skips after a reconnect; negative if it repeats them. */
  skips?: number;
  /** Whether it continues after the last id. Otherwise every stream begins with event 0. */
  resumes?: boolean;
  /** Whether events have their number as their id, instead of in their data. */
  numbers?: 'data' | 'id' | 'none';
  /** It refuses this many reconnects. */
  refuses?: number;
  retryMs?: number;
  /** It breaks streams instead of ending them. */
  breaks?: boolean;
}

const task: LoadTask = {
  ...loadTask,
  plan: { ...loadTask.plan, streams, quietStreams: 0, rampMs: 100, totalMs: 5_100 },
  rampAtNs: 0,
  window: { warmUpAtNs: 100 * ms, measureAtNs: 1_000 * ms, disconnectAtNs: 5_100 * ms },
  intervalMs: everyMs,
  firstNumber: 'any',
  reconnect: { cut: null, retryMs: 300, jitterMs: 0 },
};

/** Measures until `disconnectAtNs`, or until the run ends early. */
async function measured(
  { livesMs = Infinity, skips = 0, resumes = true, numbers = 'data', ...more }: Behaviour,
  changes: Partial<LoadTask> = {},
) {
  const startMs = Date.now();
  const nowMs = () => Date.now() - startMs;
  let refused = 0;
  let requests = 0;
  function open({ headers }: StreamRequest, observer: StreamObserver) {
    requests++;
    const lastId = headers['last-event-id'];
    let n = lastId === undefined || !resumes ? 0 : Number(lastId) + 1 + skips;
    let isOver = false;
    const end = (act: () => void) => {
      clearInterval(ticks);
      isOver = true;
      act();
    };
    const isRefused = lastId !== undefined && refused < (more.refuses ?? 0);
    const ticks = setInterval(() => {
      observer.body(20, true);
      if (numbers !== 'none') observer.id?.(String(n));
      observer.event(numbers === 'data' ? `${n} ${nowMs() * ms}` : 'news');
      n++;
    }, everyMs);
    if (isRefused) refused++;
    setTimeout(() => {
      if (isOver) return;
      if (isRefused) return end(() => observer.failed('503', 'Service Unavailable'));
      observer.headers();
      if (more.retryMs !== undefined) observer.retry?.(more.retryMs);
      if (livesMs < Infinity)
        setTimeout(() => {
          if (isOver) return;
          end(() => (more.breaks ? observer.failed('reset', 'ECONNRESET') : observer.ended()));
        }, livesMs);
    }, 1);
    return {
      pause() {},
      resume() {},
      isBehind: () => false,
      strayBytes: () => undefined,
      close: (_method: unknown, left?: () => void) => end(() => left?.()),
    };
  }
  const load = startLoad({ ...task, ...changes }, { clock: { nowNs: () => nowMs() * ms }, open });
  vi.advanceTimersByTime(5_100);
  const { recording } = await load.disconnect();
  const longestMs = (name: 'lifetime' | 'outage' | 'recovery') =>
    decodeDurations([recording.histograms[name]]).quantileMs(1);
  return { ...recording, requests, longestMs };
}

test('lifetimes, outages and reconnects are exact', async () => {
  const { counts, failures, failedAttempts, requests, longestMs } = await measured({
    livesMs: 1_050,
  });
  // Each stream lives for 1,051 ms from its request, and its client waits for 300 ms.
  expect(counts).toMatchObject({
    reconnecting: streams,
    opened: streams,
    lost: 3 * streams,
    broken: 0,
    reconnected: 3 * streams,
    stopped: streams,
    ended: 0,
    missedOverCut: 0,
    doubledOverCut: 0,
    unnumberedReconnects: 0,
    cut: 0,
  });
  expect(requests).toBe(4 * streams);
  expect({ failures, failedAttempts }).toEqual({ failures: {}, failedAttempts: {} });
  expect(longestMs('lifetime')).toBeCloseTo(1_050, -1);
  expect(longestMs('outage')).toBeCloseTo(300 + everyMs, -1);
});

test.each<[string, Behaviour, missed: number, doubled: number]>([
  ['skipped events are missed', { skips: 2 }, 2, 0],
  ['repeated events are doubled', { skips: -3 }, 0, 3],
  ['ids count as numbers', { skips: 2, numbers: 'id' }, 2, 0],
  // Ten events in 1,050 ms, all of them again.
  ['a server that does not resume repeats all events', { resumes: false }, 0, 10],
  ['the same with ids as numbers', { resumes: false, numbers: 'id' }, 0, 10],
])('%s, for each reconnect', async (_what, behaviour, missed, doubled) => {
  const { counts } = await measured({ livesMs: 1_050, ...behaviour });
  expect(counts).toMatchObject({
    missedOverCut: missed * 3 * streams,
    doubledOverCut: doubled * 3 * streams,
    unnumberedReconnects: 0,
  });
});

test('without numbers, missed events are unknown', async () => {
  const { counts } = await measured({ livesMs: 1_050, numbers: 'none' });
  expect(counts).toMatchObject({ lost: 3 * streams, unnumberedReconnects: 3 * streams });
});

test('broken streams reconnect too, and the wait of the server overrides ours', async () => {
  const { counts, longestMs } = await measured({ livesMs: 1_050, breaks: true, retryMs: 800 });
  expect(counts).toMatchObject({ lost: 3 * streams, broken: 3 * streams, stopped: streams });
  expect(longestMs('outage')).toBeCloseTo(800 + everyMs, -1);
});

test('refused attempts count by cause, and lengthen the outage', async () => {
  const { counts, failedAttempts, failures, longestMs } = await measured({
    livesMs: 2_000,
    refuses: 2,
  });
  expect(failedAttempts).toEqual({ 503: { count: 2, example: 'Service Unavailable' } });
  expect(failures).toEqual({});
  expect(counts).toMatchObject({ lost: 2 * streams, stopped: streams });
  expect(longestMs('outage')).toBeCloseTo(300 + 1 + 600 + everyMs, -1);
});

test('a stream fails if its last attempt to reconnect was refused', async () => {
  const { counts, failures } = await measured({ livesMs: 3_000, refuses: Infinity });
  expect(failures).toEqual({
    'not reconnected': {
      count: streams,
      example: 'ended, and the last attempt to reconnect failed',
    },
  });
  expect(counts).toMatchObject({ lost: streams, reconnected: 0, stopped: 0 });
});

test('a stream whose lifetime ends while its client waits is stopped, and does not reconnect', async () => {
  const churn = { perSecond: 4, spacing: 'constant', lifetimeMs: 700, lifetimes: 'fixed' } as const;
  const { counts, requests } = await measured(
    { livesMs: 500 },
    { plan: { ...task.plan, totalMs: 5_100, churn } },
  );
  expect(requests).toBe(counts.started);
  expect(counts.stopped).toBe(counts.started);
});

test('without --reconnect, ended streams have a lifetime and count as ended', async () => {
  const { counts, longestMs } = await measured({ livesMs: 1_050 }, { reconnect: null });
  expect(counts).toMatchObject({ ended: streams, stopped: 0, lost: 0, reconnecting: 0 });
  expect(longestMs('lifetime')).toBeCloseTo(1_050, -1);
});

test('with --cut client, all clients disconnect at once and resume after their last event', async () => {
  const cut: ReconnectTask = {
    cut: { atNs: 1_020 * ms, byClients: true },
    retryMs: 300,
    jitterMs: 0,
  };
  const { counts, failures, requests, longestMs } = await measured(
    { skips: 4, numbers: 'id' },
    { reconnect: cut },
  );
  expect(requests).toBe(2 * streams);
  expect(failures).toEqual({});
  expect(counts).toMatchObject({
    cut: streams,
    reconnected: streams,
    missedOverCut: 4 * streams,
    doubledOverCut: 0,
    lost: 0,
  });
  expect(longestMs('recovery')).toBeCloseTo(300 + everyMs, -1);
  expect(longestMs('lifetime')).toBeUndefined(); // the server ended none
});

test('a refused reconnect after --cut client ends no lifetime', async () => {
  const { failedAttempts, longestMs } = await measured(
    { numbers: 'id', refuses: 2 },
    { reconnect: { cut: { atNs: 1_020 * ms, byClients: true }, retryMs: 300, jitterMs: 0 } },
  );
  expect(failedAttempts).toMatchObject({ 503: { count: 2 } });
  expect(longestMs('lifetime')).toBeUndefined();
});
