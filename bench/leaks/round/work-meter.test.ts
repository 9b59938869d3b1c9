import { expect, test } from 'vitest';
import { createWorkMeter } from './work-meter.ts';

const { signal } = new AbortController();

/** A simulated server: its clock jumps, and it uses this much CPU time in a millisecond. */
function simulated(cpuRate: (nowMs: number) => number, timers: (nowMs: number) => number) {
  let [nowMs, cpuMs] = [0, 0];
  const pass = (ms: number) => {
    for (let n = 0; n < ms; n++) cpuMs += cpuRate(nowMs++);
  };
  const time = { nowMs: () => nowMs, sleep: async (ms: number) => pass(Math.ceil(ms)) };
  const sample = async () => ({ cpuMs, timers: timers(nowMs), upstreams: new Map() });
  return { meter: createWorkMeter(sample, time), pass, nowMs: () => nowMs };
}

/** Two crowds of 10 and 20 clients, whose work starts when they disconnect. */
async function watched(lastsMs: number, cpuPerMs: number, timersOfClient: number, waitMs: number) {
  const left: { clients: number; leftMs: number }[] = [];
  const working = (nowMs: number) =>
    left.reduce((sum, { clients, leftMs }) => sum + (nowMs - leftMs < lastsMs ? clients : 0), 0);
  const { meter, pass, nowMs } = simulated(
    (now) => 0.01 + working(now) * cpuPerMs,
    (now) => 2 + working(now) * timersOfClient,
  );
  await meter.idle(async () => meter.time.sleep(400, signal));
  meter.begin();
  let addedMs = 0;
  for (const clients of [10, 20]) {
    await meter.arrive();
    pass(300);
    left.push({ clients, leftMs: nowMs() });
    await meter.leave(clients, 0);
    const startMs = nowMs();
    await meter.untilQuiet(5_000, signal);
    addedMs += nowMs() - startMs;
    pass(150); // an inspection
  }
  await meter.time.sleep(waitMs, signal);
  return { work: await meter.end(), addedMs };
}

test('a quiet server costs 50 ms for each crowd', async () => {
  const { work, addedMs } = await watched(0, 0, 0, 0);
  expect(addedMs).toBe(100);
  expect(work).toMatchObject({ lastsMs: 50, timers: 0, cpuMs: expect.closeTo(0, 2) });
});

test('timers that remain are clear after 100 ms, and the sleeps of the check see their end', async () => {
  const { work, addedMs } = await watched(3_000, 0.004, 1, 4_000);
  expect(addedMs).toBe(200);
  expect(work).toMatchObject({ timers: 1, cpuMs: expect.closeTo(12, 0) });
  expect(work!.lastsMs).toBeGreaterThanOrEqual(3_000);
  expect(work!.lastsMs).toBeLessThanOrEqual(3_050);
});

test('computing alone is watched until it ends', async () => {
  const { work } = await watched(1_000, 0.02, 0, 0);
  expect(work).toMatchObject({ lastsMs: 1_000, timers: 0, cpuMs: expect.closeTo(20, 0) });
});

test('computing without an end is watched until the deadline once', async () => {
  const { work, addedMs } = await watched(Infinity, 0.01, 0, 0);
  expect(addedMs).toBe(5_000 + 100);
  expect(work).toMatchObject({ lastsMs: null, watchedMs: 5_000 });
});

test('clients that did not stay for an event hide no work for the others', async () => {
  let working = 0;
  const { meter, pass } = simulated(
    () => 0.01,
    () => 2 + working,
  );
  await meter.idle(async () => meter.time.sleep(400, signal));
  meter.begin();
  for (const [clients, isHurried] of [
    [10, true],
    [20, false],
  ] as const) {
    await meter.arrive();
    pass(300);
    working += isHurried ? 0 : clients;
    await meter.leave(clients, 0, isHurried);
    await meter.untilQuiet(5_000, signal);
    expect(meter.isUnclear()).toBe(!isHurried);
  }
  expect(await meter.end()).toMatchObject({ lastsMs: null, timers: 1 });
});

test('a server that cannot be observed costs nothing', async () => {
  const nothing = { cpuMs: undefined, timers: undefined, upstreams: new Map() };
  let sleptMs = 0;
  const time = { nowMs: () => sleptMs, sleep: async (ms: number) => void (sleptMs += ms) };
  let samples = 0;
  const sample = async () => {
    samples++;
    return nothing;
  };
  const meter = createWorkMeter(sample, time);
  meter.begin();
  await meter.arrive();
  await meter.leave(10, 0);
  await meter.untilQuiet(5_000, signal);
  expect(sleptMs).toBe(0);
  const before = samples;
  await meter.time.sleep(5_000);
  expect([samples - before, await meter.end()]).toEqual([0, null]);
});
