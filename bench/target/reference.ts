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
  stop(): Promise<unknown>;
}

/** How long the server may take to let go of everything; what is left then counts as held. */
const settleWithinMs = 2_000;
const settlePollMs = 20;
/** Streams before the baseline, so that what the first ones load and compile is not counted as theirs. */
const primingStreams = 20;

/** @throws ServerFailure where it does not start or does not answer */
export async function startReference(file: string, placement: Placement | undefined, clock: Clock): Promise<ReferenceServer> {
  const server = await startServer(file, placement?.server);
  let inspector: Inspector | undefined;
  try {
    await prime(server.origin);
    inspector = await openInspector(server.inspectorUrl);
    return lookInto(server, inspector, clock, await takeBaseline(inspector));
  } catch (error) {
    inspector?.close();
    await server.stop();
    throw new ServerFailure(`does not answer: ${(error as Error).message}`, undefined, server.stderrTail());
  }
}

function lookInto(server: RunningServer, inspector: Inspector, clock: Clock, before: HeldMemory): ReferenceServer {
  return {
    server,
    before,
    async sample() {
      const sample = sampleProcess(server.pid) ?? (await sampleFromInside(inspector));
      return { ...sample, atNs: clock.nowNs() };
    },
    beginRelease: () => watchReleases(inspector),
    async awaitRelease() {
      const deadlineNs = clock.nowNs() + settleWithinMs * 1e6;
      let held = await stillHeld(inspector);
      while (held.timers + held.sockets > 0 && clock.nowNs() < deadlineNs) {
        await sleep(settlePollMs);
        held = await stillHeld(inspector);
      }
      return { held, releases: await releasesSeen(inspector) };
    },
    stop() {
      inspector.close(); // the process would wait for us before it ends
      return server.stop();
    },
  };
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
