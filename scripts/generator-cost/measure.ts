/** Measures a client, or generators of ssebench, against the cheapest reference server. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fleet } from '../../bench/generator/fleet.ts';
import type { Sample } from '../../bench/proofs/generator-cost.ts';
import type { Recording } from '../../bench/result/recording.ts';
import { descriptorsFor } from '../../bench/run/round/generators.ts';
import { taskFor } from '../../bench/run/round/task.ts';
import { realWorld } from '../../bench/run/round/world.ts';
import type { Scenario } from '../../bench/scenario/scenario.ts';
import { placement } from '../../bench/system/cores.ts';
import { machineLimits } from '../../bench/system/machine-limits.ts';
import { sampleProcess } from '../../bench/system/process.ts';
import { childrenOf } from '../../bench/system/processes.ts';
import { steady } from '../../bench/tests/fixtures/helpers/scenario.ts';
import { startServer, type RunningServer } from '../../bench/under-test/server.ts';
import { catalog } from '../../servers/catalog.ts';
import { startClient } from './client-process.ts';
import type { Client } from './clients.ts';

export interface Load {
  streams: number;
  intervalMs: number;
  /** Whether the server has one timer for all streams, which costs it less. */
  sharesTicker?: boolean;
  rampMs: number;
  warmUpMs: number;
  measureMs: number;
}

const world = realWorld();
const limits = machineLimits();
export const cores = placement();
const floor = { kind: 'reference', name: 'floor', file: catalog.floor!.file } as const;
/** Time after the ramp in which the last streams open. */
const lastOpenMs = 200;

/** CPU time and memory of these processes together, and the time at which they were read. */
function used(pids: readonly number[]) {
  const samples = pids.map((pid) => sampleProcess(pid)!);
  return {
    atMs: performance.now(),
    cpuUs: samples.reduce((sum, { cpuNs }) => sum + cpuNs / 1000, 0),
    rssBytes: samples.reduce((sum, { rssBytes }) => sum + rssBytes, 0),
  };
}
type Used = ReturnType<typeof used>;

/** @param at before the first stream, when all were open, and around the measurement */
function costs(
  { streams }: Load,
  at: { start: Used; opened: Used; first: Used; last: Used },
  eventsPerSecond: number,
): Omit<Sample, 'eventsPerRead' | 'flaws'> {
  const cpuUsPerSecond = (at.last.cpuUs - at.first.cpuUs) / ((at.last.atMs - at.first.atMs) / 1000);
  return {
    eventsPerSecond,
    cpuUsPerEvent: eventsPerSecond > 0 ? cpuUsPerSecond / eventsPerSecond : null,
    cpuUsPerOpen: (at.opened.cpuUs - at.start.cpuUs) / streams,
    rssBytesPerStream: Math.max(0, at.last.rssBytes - at.start.rssBytes) / streams,
    busyShare: cpuUsPerSecond / 1e6,
  };
}

async function withServer<T>(use: (server: RunningServer) => Promise<T>): Promise<T> {
  const server = await startServer(floor.file, cores?.server);
  try {
    return await use(server);
  } finally {
    await server.stop();
  }
}

/** @throws if the client cannot sustain the load */
export const measureClient = (client: Client, load: Load): Promise<Sample> =>
  withServer(async ({ origin }) => {
    const ticker = load.sharesTicker ? '&ticker=shared' : '';
    const url = `${origin}/event?interval=${load.intervalMs}&stamp${ticker}`;
    const command = client.command(url, load.streams, load.rampMs);
    const { pid, open, count, stop } = await startClient(command, cores?.load);
    try {
      const start = used([pid]);
      await open(load.streams, load.rampMs);
      const opened = used([pid]);
      await sleep(load.warmUpMs);
      const [before, first] = [await count(), used([pid])];
      await sleep(load.measureMs);
      const [after, last] = [await count(), used([pid])];
      const eventsPerSecond = (after.events - before.events) / ((last.atMs - first.atMs) / 1000);
      return {
        ...costs(load, { start, opened, first, last }, eventsPerSecond),
        eventsPerRead: null,
        flaws: null,
      };
    } finally {
      await stop();
    }
  });

/** A generator and the server that it measures. */
interface Pair {
  server: RunningServer;
  fleet: Fleet;
  /** The process of the generator. */
  pid: number;
}

async function startPair(descriptors: number, others: readonly Pair[]): Promise<Pair> {
  const server = await startServer(floor.file, cores?.server);
  try {
    const fleet = await world.startFleet(1, cores?.load, { descriptors, isHttp2: false });
    const isNew = (pid: number) => others.every((other) => other.pid !== pid);
    const { pid } = childrenOf(process.pid).find(
      (child) => child.command.includes('generator.ts') && isNew(child.pid),
    )!;
    return { server, fleet, pid };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function endPair({ server, fleet }: Pair): Promise<void> {
  await fleet.kill();
  await server.stop();
}

/** @param processes so many generators share the streams; each has a server of its own */
export async function measureGenerators(load: Load, processes = 1): Promise<Sample> {
  const scenario: Scenario = {
    ...steady,
    streams: load.streams,
    quietStreams: 0,
    intervalMs: load.intervalMs,
    ticker: load.sharesTicker ? 'shared' : 'own',
    rampMs: load.rampMs,
    warmUpMs: lastOpenMs + load.warmUpMs,
    durationMs: load.measureMs,
  };
  const pairs: Pair[] = [];
  try {
    while (pairs.length < processes)
      pairs.push(await startPair(descriptorsFor(scenario, processes), pairs));
    return await follow(pairs, load, scenario);
  } finally {
    await Promise.all(pairs.map(endPair));
  }
}

async function follow(pairs: readonly Pair[], load: Load, scenario: Scenario): Promise<Sample> {
  const pids = pairs.map(({ pid }) => pid);
  const start = used(pids);
  const windows = pairs.map(({ server, fleet }, number) => {
    const streams = Math.floor((load.streams + number) / pairs.length);
    const own = { scenario: { ...scenario, streams }, limits, world };
    const task = taskFor(floor, 1, server.origin, own);
    fleet.run(task);
    return task.window;
  });
  const { warmUpAtNs, measureAtNs, disconnectAtNs } = windows.at(-1)!;
  async function usedAt(atNs: number) {
    await sleep(Math.max(0, (atNs - world.clock.nowNs()) / 1e6));
    return used(pids);
  }
  const opened = await usedAt(warmUpAtNs + lastOpenMs * 1e6);
  const first = await usedAt(measureAtNs);
  const last = await usedAt(disconnectAtNs);
  const results = await Promise.all(pairs.map(({ fleet }) => fleet.disconnect()));
  const sum = (of: (recording: Recording) => number) =>
    results.reduce((total, { recording }) => total + of(recording), 0);
  const events = sum(({ counts }) => counts.events);
  const reads = sum(({ counts }) => counts.reads);
  return {
    ...costs(load, { start, opened, first, last }, events / (load.measureMs / 1000)),
    eventsPerRead: reads > 0 ? events / reads : null,
    flaws: sum(({ counts, failures }) => {
      const failed = Object.values(failures).reduce((total, { count }) => total + count, 0);
      return failed + counts.missing + counts.duplicate + counts.outOfOrder;
    }),
  };
}
