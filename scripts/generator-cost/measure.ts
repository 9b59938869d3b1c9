/** Measures a client, or generators of ssebench, against the cheapest reference server. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Sample } from '../../bench/proofs/generator-cost.ts';
import { descriptorsFor } from '../../bench/run/round/generators.ts';
import { taskFor } from '../../bench/run/round/task.ts';
import { realWorld } from '../../bench/run/round/world.ts';
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

/** Starts a generator. @returns it, and its process id */
async function startGenerator(descriptors: number, known: readonly number[]) {
  const fleet = await world.startFleet(1, cores?.load, descriptors);
  const { pid } = childrenOf(process.pid).find(
    ({ command, pid: found }) => command.includes('generator.ts') && !known.includes(found),
  )!;
  return { fleet, pid };
}

/** @param processes so many generators share the streams; each has a server of its own */
export async function measureGenerators(load: Load, processes = 1): Promise<Sample> {
  const scenario = {
    ...steady,
    quietStreams: 0,
    intervalMs: load.intervalMs,
    ticker: load.sharesTicker ? ('shared' as const) : ('own' as const),
    rampMs: load.rampMs,
    warmUpMs: lastOpenMs + load.warmUpMs,
    durationMs: load.measureMs,
  };
  const pairs: { server: RunningServer; generator: Awaited<ReturnType<typeof startGenerator>> }[] =
    [];
  try {
    for (let number = 0; number < processes; number++) {
      const known = pairs.map(({ generator }) => generator.pid);
      const server = await startServer(floor.file, cores?.server);
      const descriptors = descriptorsFor({ ...scenario, streams: load.streams }, processes);
      pairs.push({ server, generator: await startGenerator(descriptors, known) });
    }
    const pids = pairs.map(({ generator }) => generator.pid);
    const start = used(pids);
    const tasks = pairs.map(({ server, generator: { fleet } }, number) => {
      const streams = Math.floor((load.streams + number) / processes);
      const own = { scenario: { ...scenario, streams }, limits, world };
      const task = taskFor(floor, 1, server.origin, own);
      fleet.run(task);
      return task;
    });
    const until = (atNs: number) => sleep(Math.max(0, (atNs - world.clock.nowNs()) / 1e6));
    const { warmUpAtNs, measureAtNs, disconnectAtNs } = tasks.at(-1)!.window;
    await until(warmUpAtNs + lastOpenMs * 1e6);
    const opened = used(pids);
    await until(measureAtNs);
    const first = used(pids);
    await until(disconnectAtNs);
    const last = used(pids);
    const results = await Promise.all(pairs.map(({ generator }) => generator.fleet.disconnect()));
    const recordings = results.map(({ recording }) => recording);
    const sum = (of: (recording: (typeof recordings)[number]) => number) =>
      recordings.reduce((total, recording) => total + of(recording), 0);
    const events = sum(({ counts }) => counts.events);
    const failed = ({ failures }: (typeof recordings)[number]) =>
      Object.values(failures).reduce((total, each) => total + each.count, 0);
    return {
      ...costs(load, { start, opened, first, last }, events / (load.measureMs / 1000)),
      eventsPerRead: events > 0 ? events / sum(({ counts }) => counts.reads) : null,
      flaws: sum((each) => failed(each) + each.counts.missing + each.counts.duplicate),
    };
  } finally {
    await Promise.all(pairs.map(({ generator }) => generator.fleet.kill()));
    await Promise.all(pairs.map(({ server }) => server.stop()));
  }
}
