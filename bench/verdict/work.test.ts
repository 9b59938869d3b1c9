import { describe, expect, test } from 'vitest';
import type { IdleWork, WorkCrowd, WorkMoment } from './work-moments.ts';
import { skippedMode, type Leak, type ModeResult } from '../result/leak-result.ts';
import { disconnectModes } from '../scenario/disconnect-modes.ts';
import { strictFailures, workOf, workWithLeaks } from './work.ts';

/** The work of a simulated server for each client after its disconnect. */
interface Behaviour {
  lastsMs: number;
  cpuPerSecondMs: number;
  timers: number;
  connections: number;
  /** CPU time for the close of a connection. */
  closeMs: number;
  /** Other work in each interval. */
  otherMs(atMs: number): number;
  otherTimers(atMs: number): number;
  /** Whether connections go back to a pool, which the next clients use. */
  pools: boolean;
}
const quiet: Behaviour = {
  lastsMs: 0,
  cpuPerSecondMs: 0,
  timers: 0,
  connections: 0,
  closeMs: 0,
  otherMs: () => 0,
  otherTimers: () => 0,
  pools: false,
};
const agent = { ...quiet, lastsMs: 3_000, cpuPerSecondMs: 4, timers: 1, connections: 1 };

const eachMs = 50;
const noIdle: IdleWork = { cpuRate: 0, cpuSpread: 0, timersRange: 0 };
const address = '127.0.0.1:9000';

/** Crowds of these sizes, one after another, each watched for this time. */
function observed(
  behaviour: Partial<Behaviour>,
  crowds: readonly [clients: number, watchedMs: number][],
): WorkCrowd[] {
  const does = { ...quiet, ...behaviour };
  const left: { clients: number; leftMs: number; firstId: number }[] = [];
  let [nowMs, ids] = [0, 0];
  const working = () => left.filter(({ leftMs }) => nowMs - leftMs < does.lastsMs);
  const clientsOf = (some: readonly { clients: number }[]) =>
    some.reduce((sum, { clients }) => sum + clients, 0);
  const state = () => ({
    timers: clientsOf(working()) * does.timers + does.otherTimers(nowMs),
    upstreams: new Map(
      (does.pools ? left : working()).flatMap(({ clients, firstId }) =>
        Array.from({ length: clients * does.connections }, (_, n) => [`${firstId + n}`, address]),
      ),
    ),
  });
  return crowds.map(([clients, watchedMs]) => {
    const before = state();
    nowMs += 300;
    left.push({ clients, leftMs: nowMs, firstId: does.pools ? 0 : ids });
    ids += clients * does.connections;
    const moments: WorkMoment[] = [{ atMs: nowMs, ms: 0, cpuMs: null, ...state() }];
    for (let age = eachMs; age <= watchedMs; age += eachMs) {
      const rate = (clientsOf(working()) * does.cpuPerSecondMs) / 1_000;
      nowMs += eachMs;
      const close = age === eachMs ? clients * does.closeMs : 0;
      const cpuMs = rate * eachMs + close + does.otherMs(nowMs);
      moments.push({ atMs: nowMs, ms: eachMs, cpuMs, ...state() });
    }
    return { clients, leftMs: nowMs - watchedMs, before, moments };
  });
}

const workAfter = (
  behaviour: Partial<Behaviour>,
  crowds: readonly [number, number][],
  idle: IdleWork | undefined = noIdle,
) => workOf(observed(behaviour, crowds), idle);

test('an agent that works on for 3 s, watched until its end', () => {
  const work = workAfter(agent, [
    [50, 600],
    [100, 600],
    [50, 4_000],
  ]);
  expect(work).toEqual({
    lastsMs: 3_000,
    watchedMs: 4_000,
    cpuMs: expect.closeTo(12, 0),
    timers: 1,
    upstreams: [{ address, perDisconnect: 1 }],
  });
});

test('work that is longer than it was watched has no end, and its CPU time is of this time', () => {
  const work = workAfter({ ...agent, lastsMs: 60_000 }, [
    [50, 600],
    [100, 5_000],
  ]);
  expect(work).toMatchObject({ lastsMs: null, watchedMs: 5_000, cpuMs: expect.closeTo(20, 0) });
});

test('computing alone, without timers and connections, has its duration', () => {
  const work = workAfter({ lastsMs: 1_000, cpuPerSecondMs: 4 }, [
    [50, 1_500],
    [100, 1_500],
  ]);
  expect(work).toMatchObject({ lastsMs: 1_000, cpuMs: expect.closeTo(4, 0), timers: 0 });
});

test('a server that stops at once has the cost of the close', () => {
  const work = workAfter({ closeMs: 0.2 }, [
    [50, 100],
    [100, 100],
  ]);
  expect(work).toEqual({
    lastsMs: 50,
    watchedMs: 100,
    cpuMs: expect.closeTo(0.2, 2),
    timers: 0,
    upstreams: [],
  });
});

test('work that ends between two crowds counts in full', () => {
  const work = workAfter({ ...agent, lastsMs: 500 }, [
    [50, 400],
    [100, 800],
  ]);
  expect(work).toMatchObject({ lastsMs: 500, timers: 1, upstreams: [{ perDisconnect: 1 }] });
});

test('the end of timers is the end of the work, even if an inspection hides the CPU time', () => {
  const crowds = observed(agent, [
    [50, 3_000],
    [100, 3_000],
  ]).map((crowd) => ({
    ...crowd,
    moments: crowd.moments.map((each) =>
      each.atMs - crowd.leftMs >= 2_900 ? { ...each, cpuMs: null } : each,
    ),
  }));
  expect(workOf(crowds, noIdle)).toMatchObject({ lastsMs: 3_000, cpuMs: expect.closeTo(12, 0) });
});

describe('other work of a quiet server is not the work for its clients:', () => {
  const crowds: [number, number][] = [
    [50, 100],
    [100, 100],
  ];
  test('a global ticker', () => {
    const ticker = { otherMs: () => 2, otherTimers: () => 3 };
    const idle = { cpuRate: 2 / eachMs, cpuSpread: 0, timersRange: 0 };
    expect(workAfter(ticker, crowds, idle)).toMatchObject({
      lastsMs: 50,
      cpuMs: expect.closeTo(0, 2),
      timers: 0,
    });
  });
  test('a job that runs once, after one crowd', () => {
    const job = { otherMs: (atMs: number) => (atMs === 350 || atMs === 400 ? 15 : 0) };
    const work = workAfter(job, [
      [50, 200],
      [100, 200],
    ])!;
    expect(work.lastsMs).toBe(50);
    expect(work.cpuMs).toBeLessThan(0.3);
  });
  test('timers that come and go', () => {
    const busy = { otherTimers: (atMs: number) => (atMs % 100) * 3 };
    const idle = { ...noIdle, timersRange: 150 };
    expect(workAfter({ ...busy, timers: 1, lastsMs: 500 }, crowds, idle)?.timers).toBeOneOf([
      0,
      null,
    ]);
  });
  test('CPU time that varies hides that of the clients', () => {
    const idle = { cpuRate: 0.5, cpuSpread: 0.5, timersRange: 0 };
    const busy = { ...agent, otherMs: (atMs: number) => (atMs % 100 === 0 ? 0 : 50) };
    const crowdsOfAgents = observed({ ...busy, cpuPerSecondMs: 0.1 }, [
      [10, 600],
      [20, 4_000],
    ]);
    expect(workOf(crowdsOfAgents, idle)).toMatchObject({ cpuMs: null, timers: 1 });
  });
  test('a pool, whose connections the next clients use', () => {
    expect(workAfter({ connections: 1, pools: true }, crowds)).toMatchObject({
      lastsMs: 50,
      upstreams: [],
    });
  });
});

test('nothing observed is no result', () => {
  expect(workOf([], noIdle)).toBeNull();
  const unknown = observed(agent, [[50, 100]]).map((crowd) => ({
    ...crowd,
    moments: crowd.moments.map((each) => ({ ...each, cpuMs: null, timers: undefined })),
  }));
  expect(workOf(unknown, undefined)).toBeNull();
});

test('a leaked timer that does not keep the process running works on', () => {
  const work = workAfter({}, [[50, 100]]);
  const leak = { kind: 'timer', perDisconnect: 1 } as Parameters<typeof workWithLeaks>[1][number];
  expect(workWithLeaks(work, [leak])).toMatchObject({ lastsMs: null, timers: 1 });
  expect(workWithLeaks(work, [{ ...leak, kind: 'entry' }])).toEqual(work);
});

describe('work at the deadline', () => {
  const mode = { ...skippedMode(disconnectModes[0]!, ''), skipped: null };
  const work = { lastsMs: null, watchedMs: 5_020, cpuMs: 20, timers: 0, upstreams: [] };
  const strict = { strict: true, deadlineMs: 5_000 };
  const isFailure = (
    more: Partial<ModeResult>,
    options: Parameters<typeof strictFailures>[1] = strict,
  ) => strictFailures({ ...mode, work, ...more }, options).length > 0;

  test('fails a strict check, with what to do', () => {
    expect(strictFailures({ ...mode, work }, strict)).toEqual([
      expect.stringMatching(/works on for > 5\.0 s: 20 ms of CPU for each client\. End the work/),
    ]);
  });
  const timer = { kind: 'timer', perDisconnect: 1 } as Leak;
  const entry: Leak = { ...timer, kind: 'entry' };
  test.each<[string, boolean, Partial<ModeResult>?, Parameters<typeof strictFailures>[1]?]>([
    ['work that ends late', true, { work: { ...work, lastsMs: 5_100 } }],
    ['work that ends in time', false, { work: { ...work, lastsMs: 3_000 } }],
    ['work that was not watched until the deadline', false, { work: { ...work, watchedMs: 900 } }],
    ['unknown work', false, { work: null }],
    ['a check that is not strict', false, {}, { ...strict, strict: false }],
    ['the work of a timer that the user ignores', false, {}, { ...strict, tolerated: [timer] }],
    ['work beside an ignored entry', true, {}, { ...strict, tolerated: [entry] }],
  ])('%s: failure %s', (_what, fails, more = {}, options = strict) => {
    expect(isFailure(more, options)).toBe(fails);
  });
});
