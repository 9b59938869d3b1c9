/**
 * A reference server under load: starts it, primes it, and inspects it through the inspector and
 * from outside.
 */
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
import { causeOf, ServerFailure } from './server-failure.ts';
import { startServer, type RunningServer } from './server.ts';

export interface ReferenceServer {
  server: RunningServer;
  /** The memory before the load, after a garbage collection. */
  before: HeldMemory;
  /** CPU time and memory now; does not affect the server if there is a `/proc`. */
  sample(): Promise<ReferenceSample>;
  /**
   * Call it while all streams are open. Collects garbage and begins to watch what the server holds
   * for them.
   */
  beginRelease(): Promise<HeldMemory>;
  /**
   * Call it when the streams are closed. Waits until the server has released everything, or the
   * time is over.
   */
  awaitRelease(): Promise<{ held: HeldObjects; releases: Releases }>;
}

/** The resources its process had used at one moment of the common clock. */
export type ReferenceSample = ProcessSample & { atNs: number };

/** How long the server may take to release everything. The rest counts as held. */
const releasedWithinMs = 3_000;
const releasePollMs = 20;
const primedWithinMs = 10_000;
/**
 * Streams before the baseline, so that code loaded and compiled by the first ones does not count as
 * theirs.
 */
const primingStreams = 20;

/** @throws ServerFailure if the server does not start or does not answer */
export async function startReference(
  file: string,
  placement: Placement | undefined,
  clock: Clock,
  signal: AbortSignal,
): Promise<ReferenceServer> {
  const server = await startServer(file, placement?.server, signal);
  try {
    const late = `the server did not answer within ${primedWithinMs / 1000} s`;
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

/** Opens a session only for the question, because a process with an open session does not end. */
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

/**
 * Counts the objects still held for streams. A leak check instead waits for the state before them,
 * and inspects everything.
 */
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

/** Takes the baseline once the priming connections are closed. */
async function baseline(inspector: Inspector): Promise<HeldMemory> {
  await poll(
    () => openSockets(inspector),
    (sockets) => sockets === 0,
    { eachMs: releasePollMs, withinMs: primedWithinMs },
  );
  return takeBaseline(inspector);
}

/** Without `/proc`, asks the process for its own resource usage. */
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
