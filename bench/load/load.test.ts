/** The load with simulated streams and time: exact figures without waiting. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { decodeDurations } from '../measure/durations.ts';
import type { CloseMethod } from '../scenario/scenario.ts';
import { startLoad } from './load.ts';
import { plainRequest } from '../scenario/request-options.ts';
import type { StreamRequest } from '../stream/stream-request.ts';
import type { StreamObserver } from '../stream/stream.ts';
import { loadTask as task } from '../tests/fixtures/helpers/load-task.ts';

const ms = 1e6;
const maybeBuffered = {
  headers:
    'the server may send its headers only with the first event, or a proxy may buffer the response',
  events: 'the server may have stopped sending, or a proxy may buffer its events',
};

beforeEach(
  () =>
    void vi.useFakeTimers({
      toFake: ['setTimeout', 'setInterval', 'clearTimeout', 'clearInterval'],
    }),
);
afterEach(() => void vi.useRealTimers());

/** A world that uses the fake timers as its clock. Its streams do what the test says. */
function world(options: { everyMs?: number; openAfterMs?: number; failAtOnce?: boolean } = {}) {
  const { everyMs = 100, openAfterMs = 4, failAtOnce = false } = options;
  const startMs = Date.now();
  let nowMs = 0;
  const opened: {
    request: StreamRequest;
    atMs: number;
    closed: boolean;
    paused: boolean;
    read: number;
    stray?: string;
    observer: StreamObserver;
  }[] = [];
  const open = (request: StreamRequest, observer: StreamObserver) => {
    const stream: (typeof opened)[number] = {
      request,
      atMs: nowMs,
      closed: false,
      paused: false,
      read: 0,
      observer,
    };
    opened.push(stream);
    if (failAtOnce) observer.failed('bad', 'at once');
    const quiet = request.url.href === task.quietUrl;
    setTimeout(() => !stream.closed && observer.headers(), openAfterMs);
    let n = 0;
    const ticks = setInterval(
      () => {
        if (stream.closed) return clearInterval(ticks);
        if (stream.paused) return;
        stream.read++;
        observer.body(10, true);
        observer.event(`${n++} ${(nowMs - 3) * ms}`);
      },
      quiet ? 60_000 : everyMs,
    );
    return {
      pause: () => void (stream.paused = true),
      resume: () => void (stream.paused = false),
      isBehind: () => false,
      strayBytes: () => stream.stray,
      close(_method: CloseMethod, left?: () => void) {
        stream.closed = true;
        left?.();
      },
    };
  };
  const passes = (durationMs: number) => {
    for (let step = 0; step < durationMs; step++) {
      nowMs++;
      vi.advanceTimersByTime(1);
    }
  };
  return { opened, passes, startMs, surroundings: { clock: { nowNs: () => nowMs * ms }, open } };
}

test('opens each paced and quiet stream when it is due, from every address in turn', () => {
  const { opened, passes, surroundings } = world();
  startLoad(task, surroundings);
  passes(49);
  expect(opened).toHaveLength(0);
  passes(101);
  expect(opened).toHaveLength(12);
  expect(opened.filter(({ request }) => request.url.href === task.quietUrl)).toHaveLength(2);
  expect(opened.map(({ request }) => request.localAddress)).toEqual(
    Array.from({ length: 12 }, (_, n) => `127.0.1.${1 + (n % 2)}`),
  );
  const times = opened.map(({ atMs }) => atMs);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
});

test('the longest silence includes the one at the end, but not the time after a stream is over', async () => {
  const { opened, passes, surroundings } = world();
  const load = startLoad({ ...task, intervalMs: null }, surroundings);
  passes(1_000);
  opened[0]!.paused = true; // silent until the end of the measurement, 500 ms later
  for (const stream of opened.slice(1)) {
    stream.closed = true;
    stream.observer.ended();
  }
  passes(600);
  const { recording } = await load.disconnect();
  const silences = decodeDurations([recording.histograms.silence]).recorded();
  expect(silences.reduce((sum, { count }) => sum + count, 0)).toBe(11);
  expect(silences.at(-1)!.valueMs).toBeGreaterThan(500);
  expect(silences.at(-1)!.valueMs).toBeLessThan(605);
  expect(silences.at(-2)!.valueMs).toBeLessThan(105);
});

test('measures exactly what the streams did', async () => {
  const { passes, surroundings } = world();
  const load = startLoad(task, surroundings);
  passes(1_600);
  expect(load.progress().open).toBe(12);
  const { recording, closedNs } = await load.disconnect();
  expect(recording.counts).toMatchObject({
    started: 10,
    opened: 10,
    stopped: 10,
    events: 100,
    gaps: 100,
    missing: 0,
  });
  expect(recording.counts.gapsSumNs).toBe(100 * 100 * ms);
  expect(closedNs.paced).toHaveLength(10);
  expect(closedNs.quiet).toHaveLength(2);
  const longest = (name: keyof typeof recording.histograms) =>
    decodeDurations([recording.histograms[name]]).quantileMs(1)!;
  expect(longest('delivery')).toBeCloseTo(3, 2);
  expect(longest('eventGap')).toBeCloseTo(100, 0);
  expect(longest('scheduleLag')).toBe(0);
  expect(longest('timeToHeadersUncorrected')).toBeCloseTo(4, 2);
  expect(longest('timeToFirstEventUncorrected')).toBeCloseTo(100, 0);
});

test('disconnects at once, and counts nothing afterwards', () => {
  const { opened, passes, surroundings } = world();
  const load = startLoad(task, surroundings);
  passes(100);
  const begun = opened.length;
  expect(begun).toBeGreaterThan(2);
  expect(begun).toBeLessThan(12);
  load.disconnect();
  passes(500);
  expect(opened).toHaveLength(begun);
  expect(opened.every(({ closed }) => closed)).toBe(true);
});

test('a stream without a response fails with no answer, not as stalled', async () => {
  const { surroundings, passes } = world({ openAfterMs: 60_000, everyMs: 60_000 });
  const load = startLoad(
    { ...task, window: { ...task.window, disconnectAtNs: 20_000 * ms } },
    surroundings,
  );
  passes(6_000);
  const { recording } = await load.disconnect();
  expect(recording.failures).toEqual({
    'no answer': { count: 10, example: `no response for 5 s; ${maybeBuffered.headers}` },
  });
});

test('streams with a lifetime disconnect at its end and count as stopped', async () => {
  const { opened, passes, surroundings } = world();
  const churn = {
    perSecond: 20,
    spacing: 'constant',
    lifetimeMs: 230,
    lifetimes: 'fixed',
  } as const;
  const load = startLoad({ ...task, plan: { ...task.plan, quietStreams: 0, churn } }, surroundings);
  passes(1_500);
  // Streams start every 50 ms from 50 ms on, and none in the last 50 ms. Each receives the events
  // at 100 and 200 ms.
  expect(opened).toHaveLength(28);
  expect(opened.filter(({ closed }) => !closed)).toHaveLength(3);
  const { recording, closedNs } = await load.disconnect();
  expect(recording.counts).toMatchObject({ started: 28, opened: 28, stopped: 28, missing: 0 });
  expect(recording.failures).toEqual({});
  expect(closedNs.paced).toHaveLength(3);
});

test('streams without a response in a lifetime of 1 s fail, but not those that started just before the end', async () => {
  const { passes, surroundings } = world({ openAfterMs: 60_000, everyMs: 60_000 });
  const churn = {
    perSecond: 20,
    spacing: 'constant',
    lifetimeMs: 1_020,
    lifetimes: 'fixed',
  } as const;
  const load = startLoad({ ...task, plan: { ...task.plan, quietStreams: 0, churn } }, surroundings);
  passes(1_500);
  const { recording } = await load.disconnect();
  expect(recording.failures).toEqual({
    'no answer': { count: 10, example: `no response in its lifetime; ${maybeBuffered.headers}` },
  });
  expect(recording.counts).toMatchObject({ started: 28, stopped: 18 });
});

const slowPlan = { ...task.plan, streams: 1, quietStreams: 0, slowReaders: 3 };

test('slow readers stop reading after the response, and may be disconnected without a failure', async () => {
  const { opened, passes, surroundings } = world();
  const load = startLoad({ ...task, plan: slowPlan }, surroundings);
  passes(3_000);
  const slow = opened.filter(({ paused }) => paused);
  expect(slow).toHaveLength(3);
  slow[1]!.observer.failed('connection reset', 'x');
  slow[2]!.observer.ended();
  const { recording } = await load.disconnect();
  expect(recording.counts).toMatchObject({ opened: 1, slowOpened: 3, ended: 0, stopped: 1 });
  expect(recording.failures).toEqual({});
});

test('slow readers with a rate read only as much as it allows', async () => {
  const { opened, passes, surroundings } = world({ everyMs: 20 });
  const load = startLoad({ ...task, plan: slowPlan, slowBytesPerSecond: 10 }, surroundings);
  passes(10_300);
  const read = opened.map((stream) => stream.read).toSorted((a, b) => a - b);
  // An event has ten bytes. Of 50 events per second, each slow reader reads one; the measured
  // stream reads all.
  for (const events of read.slice(0, 3)) expect(Math.abs(events - 10)).toBeLessThanOrEqual(1);
  expect(read[3]).toBeGreaterThan(490);
  const { recording } = await load.disconnect();
  expect(recording.counts).toMatchObject({ slowOpened: 3 });
});

test('a paced stream that falls silent stalls, a quiet stream does not', async () => {
  const { passes, surroundings } = world({ everyMs: 3_600_000 });
  const load = startLoad(
    { ...task, window: { ...task.window, disconnectAtNs: 60_000 * ms } },
    surroundings,
  );
  passes(6_000);
  expect(load.progress().open).toBe(2);
  const { recording } = await load.disconnect();
  expect(recording.failures).toEqual({
    stalled: { count: 10, example: `nothing received for 5 s; ${maybeBuffered.events}` },
  });
  expect(recording.counts.stopped).toBe(0);
});

test('a stream that we do not read while we decode does not stall', async () => {
  for (const isRead of [false, true]) {
    const { opened, passes, surroundings } = world();
    const plan = { ...task.plan, streams: 1, quietStreams: 0 };
    const load = startLoad({ ...task, plan, stallAfterMs: 700 }, surroundings);
    passes(600);
    opened[0]!.paused = true;
    if (!isRead) opened[0]!.observer.busy!(true);
    passes(1_000);
    expect(load.progress().open).toBe(isRead ? 0 : 1);
    const { recording } = await load.disconnect();
    expect(Object.keys(recording.failures)).toEqual(isRead ? ['stalled'] : []);
    expect(recording.counts.stopped).toBe(isRead ? 0 : 1);
  }
});

const stray = '8 bytes without a whole event';

test('a stream with bytes but no whole event fails after 1 s', async () => {
  const { opened, passes, surroundings } = world();
  const load = startLoad(task, surroundings);
  passes(1_550);
  for (const place of [0, 1]) opened[place]!.stray = stray;
  const { recording } = await load.disconnect();
  expect(recording.failures).toEqual({ 'no whole event': { count: 2, example: stray } });
  expect(recording.counts.stopped).toBe(8);
});

test('no whole event: a new stream, or one with a long interval, does not fail', async () => {
  for (const changes of [
    { window: { ...task.window, disconnectAtNs: 900 * ms } },
    { intervalMs: 400 },
  ]) {
    const { opened, passes, surroundings } = world();
    const load = startLoad({ ...task, ...changes }, surroundings);
    passes(1_550);
    for (const stream of opened) stream.stray = stray;
    const { recording } = await load.disconnect();
    expect(recording.failures).toEqual({});
  }
});

test('no whole event: a stream with an unknown interval fails too', async () => {
  const { opened, passes, surroundings } = world();
  const load = startLoad({ ...task, intervalMs: null }, surroundings);
  passes(1_550);
  opened[0]!.stray = stray;
  const { recording } = await load.disconnect();
  expect(recording.failures).toEqual({ 'no whole event': { count: 1, example: stray } });
});

test('no whole event: a stream that falls silent, and one at the end of its lifetime', async () => {
  const silent = world();
  const stalled = startLoad(
    {
      ...task,
      stallAfterMs: 1_200,
      plan: { ...task.plan, quietStreams: 0, streams: 1 },
      window: { ...task.window, disconnectAtNs: 9_000 * ms },
    },
    silent.surroundings,
  );
  silent.passes(300);
  silent.opened[0]!.stray = stray;
  silent.opened[0]!.closed = true; // it stops sending
  silent.passes(3_000);
  expect((await stalled.disconnect()).recording.failures).toEqual({
    'no whole event': { count: 1, example: `${stray}; nothing received for 1.2 s` },
  });

  const passing = world({ everyMs: 10 });
  const churn = {
    perSecond: 10,
    spacing: 'constant',
    lifetimeMs: 1_200,
    lifetimes: 'fixed',
  } as const;
  const load = startLoad(
    {
      ...task,
      plan: { ...task.plan, quietStreams: 0, totalMs: 2_900, churn },
      window: { ...task.window, disconnectAtNs: 3_000 * ms },
    },
    passing.surroundings,
  );
  passing.passes(200);
  passing.opened[0]!.stray = stray;
  passing.passes(2_800);
  expect((await load.disconnect()).recording.failures).toEqual({
    'no whole event': { count: 1, example: stray },
  });
});

test('a cut stream reconnects and counts as stopped, or fails as not reconnected', async () => {
  const { opened, passes, surroundings } = world();
  const load = startLoad(
    {
      ...task,
      plan: { ...task.plan, streams: 3, quietStreams: 0 },
      reconnect: { cut: { atNs: 600 * ms, byClients: false }, retryMs: 200, jitterMs: 0 },
    },
    surroundings,
  );
  passes(600);
  for (const stream of opened) stream.closed = true; // all stop sending
  opened[0]!.observer.ended();
  opened[1]!.observer.failed('connection reset', 'x');
  expect(load.progress().open).toBe(1);
  passes(199);
  expect(opened).toHaveLength(3);
  passes(1);
  expect(opened).toHaveLength(5);
  passes(800);
  opened[2]!.observer.ended(); // too late to reconnect
  const { recording } = await load.disconnect();
  expect(recording.counts).toMatchObject({
    started: 3,
    opened: 3,
    ended: 0,
    stopped: 2,
    cut: 3,
    reconnected: 2,
  });
  expect(recording.failures).toMatchObject({ 'not reconnected': { count: 1 } });
});

test('with a cut, uncut and stalled streams fail, and unanswered attempts are repeated', async () => {
  const { opened, passes, surroundings } = world();
  const cutTask = {
    ...task,
    plan: { ...task.plan, streams: 3, quietStreams: 0 },
    stallAfterMs: 1_000,
    window: { ...task.window, disconnectAtNs: 4_000 * ms },
    reconnect: { cut: { atNs: 600 * ms, byClients: false }, retryMs: 200, jitterMs: 0 },
  };
  const load = startLoad(cutTask, surroundings);
  passes(600);
  for (const place of [0, 1]) opened[place]!.closed = true;
  opened[0]!.observer.ended();
  passes(201);
  opened[3]!.closed = true; // no answer
  passes(3_300);
  const { recording } = await load.disconnect();
  expect(opened.length).toBeGreaterThanOrEqual(5);
  expect(recording.counts).toMatchObject({ cut: 1, reconnected: 1, stopped: 1 });
  expect(recording.failedAttempts).toEqual({
    'no answer': { count: 1, example: `no response for 1 s; ${maybeBuffered.headers}` },
  });
  expect(recording.failures).toMatchObject({ stalled: { count: 1 }, 'not cut': { count: 1 } });
});

test('streams that wait to reconnect do not fail if the run ends early', async () => {
  const { opened, passes, surroundings } = world();
  const load = startLoad(
    {
      ...task,
      plan: { ...task.plan, streams: 3, quietStreams: 0 },
      reconnect: { cut: { atNs: 600 * ms, byClients: false }, retryMs: 500, jitterMs: 0 },
    },
    surroundings,
  );
  passes(600);
  for (const stream of opened) {
    stream.closed = true;
    stream.observer.ended();
  }
  passes(300);
  load.endMeasuring(900 * ms);
  const { recording } = await load.disconnect();
  expect(recording.counts).toMatchObject({ cut: 3, reconnected: 0, stopped: 3 });
  expect(recording.failures).toEqual({});
});

test('no stream stalls after the measurement, during the inspection of the server', () => {
  const { opened, passes, surroundings } = world();
  const load = startLoad({ ...task, stallAfterMs: 400 }, surroundings);
  passes(1_505);
  for (const stream of opened) stream.closed = true; // all fall silent
  passes(2_000);
  expect(load.progress().open).toBe(12);
});

test('streams that end, break or fail at once are no longer open', async () => {
  const ending = world();
  const load = startLoad(task, ending.surroundings);
  ending.passes(200);
  ending.opened[0]!.observer.ended();
  ending.opened[1]!.observer.failed('connection reset', 'x');
  expect(load.progress().open).toBe(10);

  const failing = world({ failAtOnce: true });
  const failed = startLoad(task, failing.surroundings);
  failing.passes(200);
  expect(failed.progress().open).toBe(0);
  expect((await failed.disconnect()).recording.failures).toEqual({
    bad: { count: 10, example: 'at once' },
    'bad (quiet stream)': { count: 2, example: 'at once' },
  });
});

test('each stream has its own number among all generators, and keeps it when it reconnects', () => {
  const numbers = [0, 1].flatMap((generator) => {
    const { opened, passes, surroundings } = world();
    const url = 'http://127.0.0.1:1/{{room}}?n={{i}}';
    const request = { ...plainRequest, rows: [{ room: 'a' }, { room: 'b' }, { room: 'c' }] };
    const cut = { atNs: 600 * ms, byClients: false };
    const reconnect = { cut, retryMs: 200, jitterMs: 0 };
    const sharing = { generator, generators: 2, url, quietUrl: url };
    startLoad({ ...task, ...sharing, request, reconnect }, surroundings);
    passes(600);
    const asked = opened.map((stream) => stream.request.url);
    opened[0]!.observer.ended();
    passes(200);
    expect(opened.at(-1)!.request.url.href).toBe(asked[0]!.href);
    return asked.map(({ pathname, searchParams }) => {
      const number = Number(searchParams.get('n'));
      expect(pathname).toBe(`/${'abc'[number % 3]}`);
      return number;
    });
  });
  expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, n) => n));
});
