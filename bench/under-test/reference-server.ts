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
} from './holdings.ts';
import { plainRequest } from '../scenario/request-options.ts';
import { requestsOf } from '../stream/stream-request.ts';
import { openStream } from '../stream/stream.ts';
import { poll } from '../system/time.ts';
import { openInspector, type Inspector } from '../inspector/inspect.ts';
import type { TreeSample } from '../system/process-tree.ts';
import { inEach, memoryOf, sumOf, together, total } from './in-each.ts';
import { askAll } from './inspectors.ts';
import type { MeasuredServer, Released, StartOptions } from './measured-server.ts';
import { causeOf, ServerFailure } from './server-failure.ts';
import { startServer, type RunningServer } from './server.ts';

/**
 * How long the server may take to release everything, and in addition for each connection that it
 * has not closed at first. The rest counts as held.
 */
const releasedWithinMs = { all: 3_000, each: 0.2 };
const releasePollMs = 20;
const primedWithinMs = 10_000;
/**
 * Streams of each process before the baseline, so that code loaded and compiled by the first ones
 * does not count as theirs. The system spreads them over the processes by chance.
 */
const primingStreams = 20;

/** @throws ServerFailure if the server does not start or does not answer */
export async function startReference(
  file: string,
  isHttp2: boolean,
  { cores, processes, clock, signal }: StartOptions,
): Promise<MeasuredServer> {
  const server = await startServer(file, cores, { signal, processes });
  try {
    const withinMs = primedWithinMs * processes;
    const late = `the server did not answer within ${withinMs / 1000} s`;
    const primed = (isHttp2 ? primeHttp2 : prime)(
      `${server.origin}/event?interval=1&limit=3&stamp`,
      primingStreams * processes,
      signal,
    ).then(() => ask(server, baseline));
    const before = await within(withinMs, late, primed, signal);
    return {
      process: server,
      inspection: { inspection: 'inspector', why: '' },
      before,
      async sample() {
        const sample = server.glance() ?? (await ask(server, sampleFromInside));
        return { ...sample, atNs: clock.nowNs() };
      },
      async beginRelease() {
        return memoryOf(await ask(server, (all) => inEach(all, watchReleases)));
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

/** Opens sessions only for the question, because a process with an open session does not end. */
function ask<Answer>(
  server: RunningServer,
  question: (inspectors: readonly Inspector[]) => Promise<Answer>,
): Promise<Answer> {
  return askAll(
    server.inspectorUrls.map((url) => ({ open: () => openInspector(url) })),
    question,
  );
}

/**
 * Counts the objects still held for streams. A leak check instead waits for the state before them,
 * and inspects everything.
 */
async function untilReleased(inspectors: readonly Inspector[]): Promise<Released> {
  const heldNow = async () => ({
    timers: total(Object.values(sumOf(await inEach(inspectors, stillWatched)))),
    sockets: await socketsOf(inspectors),
  });
  const { all, each } = releasedWithinMs;
  const withinMs = all + each * (await socketsOf(inspectors));
  const held = await poll(heldNow, ({ timers, sockets }) => timers + sockets === 0, {
    eachMs: releasePollMs,
    withinMs,
  });
  const releases = together(await inEach(inspectors, releasesSeen));
  return { held, clearedNs: (everyMs) => releases[String(everyMs)] ?? [] };
}

const socketsOf = async (inspectors: readonly Inspector[]) =>
  total(await inEach(inspectors, openSockets));

async function prime(url: string, streams: number, signal: AbortSignal) {
  const agent = new Agent();
  const one = async () => {
    const { body } = await request(url, { dispatcher: agent, signal });
    await body.dump();
  };
  await Promise.all(Array.from({ length: streams }, one));
  await agent.close();
}

/** Each stream has a connection, so that the system spreads them over the processes. */
async function primeHttp2(url: string, streams: number) {
  const requestOf = requestsOf(url, { ...plainRequest, http2: { streamsPerConnection: 1 } });
  const one = (stream: number) =>
    new Promise<void>((resolve, reject) => {
      openStream(requestOf(stream), {
        headers() {},
        body() {},
        event() {},
        comment() {},
        ended: resolve,
        failed: (cause, message) => reject(new Error(`${cause} (${message})`)),
      });
    });
  await Promise.all(Array.from({ length: streams }, (_, stream) => one(stream)));
}

/** Takes the baseline once the priming connections are closed. */
async function baseline(inspectors: readonly Inspector[]): Promise<HeldMemory> {
  await poll(
    () => socketsOf(inspectors),
    (sockets) => sockets === 0,
    { eachMs: releasePollMs, withinMs: primedWithinMs },
  );
  return memoryOf(await inEach(inspectors, takeBaseline));
}

/** Without `/proc`, asks the process for its own resource usage. */
async function sampleFromInside(inspectors: readonly Inspector[]): Promise<TreeSample> {
  const used = await inEach(inspectors, (inspector) =>
    inspector.call(() => {
      const { user, system } = process.cpuUsage();
      return { cpuNs: (user + system) * 1000, rssBytes: process.memoryUsage.rss() };
    }),
  );
  return {
    cpuNs: total(used.map(({ cpuNs }) => cpuNs)),
    rssBytes: total(used.map(({ rssBytes }) => rssBytes)),
    waitsNs: null,
    descriptors: null,
    openDescriptors: null,
  };
}
