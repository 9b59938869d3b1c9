/** A reference server under load: started, primed, and looked into with the inspector and from outside. */
import { Agent, request } from 'undici';
import { within } from '../system/deadline.ts';
import type { Clock } from '../system/clock.ts';
import type { Placement } from '../system/cores.ts';
import {
  openSockets,
  releasesSeen,
  stillHeld,
  takeBaseline,
  watchReleases,
  type HeldMemory,
  type HeldObjects,
  type Releases,
} from './holdings.ts';
import { poll } from '../system/time.ts';
import { openInspector, type Inspector } from '../inspector/inspect.ts';
import { sampleProcess, type ProcessSample } from '../system/process.ts';
import { causeOf, ServerFailure, startServer, type RunningServer } from './server.ts';

export interface ReferenceServer {
  server: RunningServer;
  /** What it held before the load, after a collection. */
  before: HeldMemory;
  /** CPU and memory now; changes nothing in the server where there is a `/proc`. */
  sample(): Promise<ReferenceSample>;
  /** To be called with all streams open: collects, and begins to watch what the server holds for them. */
  beginRelease(): Promise<HeldMemory>;
  /** To be called when the streams have been closed: waits until all is let go, or the time is up. */
  awaitRelease(): Promise<{ held: HeldObjects; releases: Releases }>;
}

/** What its process had used up at one moment of the common clock. */
export type ReferenceSample = ProcessSample & { atNs: number };

/** How long the server may take to let go of everything; what is left then counts as held. */
const releasedWithinMs = 3_000;
const releasePollMs = 20;
const primedWithinMs = 10_000;
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
    const late = `does not answer within ${primedWithinMs / 1000} s`;
    const primed = prime(server.origin, signal).then(() => ask(server, baseline));
    return inspectReference(server, clock, await within(primedWithinMs, late, primed, signal));
  } catch (thrown) {
    const error = await causeOf(thrown as Error, server);
    await server.stop();
    throw error instanceof ServerFailure
      ? error
      : new ServerFailure(error.message, undefined, server.stderrTail());
  }
}

/** A session only for as long as the question takes: a process that ends with one open waits for its end. */
async function ask<Answer>(
  server: RunningServer,
  question: (inspector: Inspector) => Promise<Answer>,
): Promise<Answer> {
  const inspector = await openInspector(server.inspectorUrl);
  try {
    return await question(inspector);
  } finally {
    inspector.close();
  }
}

function inspectReference(
  server: RunningServer,
  clock: Clock,
  before: HeldMemory,
): ReferenceServer {
  return {
    server,
    before,
    async sample() {
      const sample = sampleProcess(server.pid) ?? (await ask(server, sampleFromInside));
      return { ...sample, atNs: clock.nowNs() };
    },
    beginRelease: () => ask(server, watchReleases),
    awaitRelease: () => ask(server, untilReleased),
  };
}

/** What streams still hold is counted; a leak check waits for what there was before instead, and inspects everything. */
async function untilReleased(
  inspector: Inspector,
): Promise<{ held: HeldObjects; releases: Releases }> {
  const held = await poll(
    () => stillHeld(inspector),
    ({ timers, sockets }) => timers + sockets === 0,
    { eachMs: releasePollMs, withinMs: releasedWithinMs },
  );
  return { held, releases: await releasesSeen(inspector) };
}

async function prime(origin: string, signal: AbortSignal) {
  const agent = new Agent();
  const one = async () => {
    const { body } = await request(`${origin}/event?interval=1&limit=3&stamp`, {
      dispatcher: agent,
      signal,
    });
    await body.dump();
  };
  await Promise.all(Array.from({ length: primingStreams }, one));
  await agent.close();
}

/** Once the connections of the priming are gone. */
async function baseline(inspector: Inspector): Promise<HeldMemory> {
  await poll(
    () => openSockets(inspector),
    (sockets) => sockets === 0,
    { eachMs: releasePollMs, withinMs: primedWithinMs },
  );
  return takeBaseline(inspector);
}

/** Where there is no `/proc`, the process is asked for what the system tells it of itself. */
async function sampleFromInside(inspector: Inspector): Promise<ProcessSample> {
  return inspector.call(() => {
    const { user, system } = process.cpuUsage();
    return {
      cpuNs: (user + system) * 1000,
      rssBytes: process.memoryUsage.rss(),
      waitedNs: null,
      descriptors: null,
    };
  });
}
