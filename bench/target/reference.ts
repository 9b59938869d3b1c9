/** A reference server under load: started, primed, and looked into with the inspector and from outside. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import type { Clock } from '../measure/clock.ts';
import type { Placement } from './cores.ts';
import {
  releasesSeen,
  stillHeld,
  takeBaseline,
  watchReleases,
  type HeldMemory,
  type HeldObjects,
  type Releases,
} from './holdings.ts';
import { openInspector, type Inspector } from './inspect.ts';
import { sampleProcess, type ProcessSample } from './process.ts';
import { ServerFailure, startServer, type RunningServer } from './server.ts';

export interface ReferenceServer {
  server: RunningServer;
  /** What it held before the load, after a collection. */
  before: HeldMemory;
  /** CPU and memory now; changes nothing in the server where there is a `/proc`. */
  sample(): Promise<ProcessSample & { atNs: number }>;
  /** To be called with all streams open: collects, and begins to watch what the server holds for them. */
  beginRelease(): Promise<HeldMemory>;
  /** To be called when the streams have been closed: waits until all is let go, or the time is up. */
  awaitRelease(): Promise<{ held: HeldObjects; releases: Releases }>;
}

/** How long the server may take to let go of everything; what is left then counts as held. */
const settleWithinMs = 2_000;
const settlePollMs = 20;
/** Streams before the baseline, so that what the first ones load and compile is not counted as theirs. */
const primingStreams = 20;

/** @throws ServerFailure where it does not start or does not answer */
export async function startReference(
  file: string,
  placement: Placement | undefined,
  clock: Clock,
  signal: AbortSignal,
): Promise<ReferenceServer> {
  const server = await startServer(file, placement?.server, signal);
  try {
    await prime(server.origin);
    return lookInto(server, clock, await ask(server, takeBaseline));
  } catch (error) {
    await server.stop();
    throw new ServerFailure(`does not answer: ${(error as Error).message}`, undefined, server.stderrTail());
  }
}

/** A session only for as long as the question takes: a process that ends with one open waits for its end. */
async function ask<Answer>(server: RunningServer, question: (inspector: Inspector) => Promise<Answer>): Promise<Answer> {
  const inspector = await openInspector(server.inspectorUrl);
  try {
    return await question(inspector);
  } finally {
    inspector.close();
  }
}

function lookInto(server: RunningServer, clock: Clock, before: HeldMemory): ReferenceServer {
  return {
    server,
    before,
    async sample() {
      const sample = sampleProcess(server.pid) ?? (await ask(server, sampleFromInside));
      return { ...sample, atNs: clock.nowNs() };
    },
    beginRelease: () => ask(server, watchReleases),
    awaitRelease: () => ask(server, (inspector) => settle(inspector, clock)),
  };
}

async function settle(inspector: Inspector, clock: Clock): Promise<{ held: HeldObjects; releases: Releases }> {
  const deadlineNs = clock.nowNs() + settleWithinMs * 1e6;
  let held = await stillHeld(inspector);
  while (held.timers + held.sockets > 0 && clock.nowNs() < deadlineNs) {
    await sleep(settlePollMs);
    held = await stillHeld(inspector);
  }
  return { held, releases: await releasesSeen(inspector) };
}

async function prime(origin: string) {
  const agent = new Agent();
  const one = async () => {
    const { body } = await request(`${origin}/event?interval=1&limit=3&stamp`, { dispatcher: agent });
    await body.dump();
  };
  await Promise.all(Array.from({ length: primingStreams }, one));
  await agent.close();
}

/** Where there is no `/proc`, the process is asked for what the system tells it of itself. */
async function sampleFromInside(inspector: Inspector): Promise<ProcessSample> {
  return inspector.call(() => {
    const { user, system } = process.cpuUsage();
    return { cpuNs: (user + system) * 1000, rssBytes: process.memoryUsage.rss() };
  });
}
