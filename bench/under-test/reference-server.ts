/**
 * A reference server under load: starts it, primes it, and inspects it through the inspector and
 * from outside.
 */
import { Agent, request } from 'undici';
import { within } from '../system/deadline.ts';
import {
  openSockets,
  releasesSeen,
  stillWatched,
  takeBaseline,
  watchReleases,
  type HeldMemory,
  type TimerGroups,
} from './holdings.ts';
import { poll } from '../system/time.ts';
import { openInspector, type Inspector } from '../inspector/inspect.ts';
import type { TreeSample } from '../system/process-tree.ts';
import type { MeasuredServer, Released, StartOptions } from './measured-server.ts';
import { causeOf, ServerFailure } from './server-failure.ts';
import { startServer, type RunningServer } from './server.ts';

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
  { cores, clock, signal }: StartOptions,
): Promise<MeasuredServer> {
  const server = await startServer(file, cores, signal);
  try {
    const late = `the server did not answer within ${primedWithinMs / 1000} s`;
    const primed = prime(server.origin, signal).then(() => ask(server, baseline));
    const before = await within(primedWithinMs, late, primed, signal);
    return {
      process: server,
      inspection: { inspection: 'inspector', why: '' },
      before,
      async sample() {
        const sample = server.glance() ?? (await ask(server, sampleFromInside));
        return { ...sample, atNs: clock.nowNs() };
      },
      async beginRelease() {
        const { heapBytes, rssBytes } = await ask(server, watchReleases);
        return { heapBytes, rssBytes };
      },
      awaitRelease: () => ask(server, untilReleased),
    };
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

/**
 * Counts the objects still held for streams. A leak check instead waits for the state before them,
 * and inspects everything.
 */
async function untilReleased(inspector: Inspector): Promise<Released> {
  const held = await poll(
    async () => ({
      timers: total(await stillWatched(inspector)),
      sockets: await openSockets(inspector),
    }),
    ({ timers, sockets }) => timers + sockets === 0,
    { eachMs: releasePollMs, withinMs: releasedWithinMs },
  );
  const releases = await releasesSeen(inspector);
  return { held, clearedNs: (everyMs) => releases[String(everyMs)] ?? [] };
}

const total = (groups: TimerGroups) => Object.values(groups).reduce((sum, count) => sum + count, 0);

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
async function sampleFromInside(inspector: Inspector): Promise<TreeSample> {
  const { cpuNs, rssBytes } = await inspector.call(() => {
    const { user, system } = process.cpuUsage();
    return { cpuNs: (user + system) * 1000, rssBytes: process.memoryUsage.rss() };
  });
  return { cpuNs, rssBytes, waitsNs: null, descriptors: null, openDescriptors: null };
}
