/** A server of the user under load: started by its command, or already running. */
import type { Clock } from '../system/clock.ts';
import { poll } from '../system/time.ts';
import type { OwnProcess, UrlUnderTest } from '../scenario/scenario.ts';
import { endpointOf, type Endpoint } from './endpoint.ts';
import { openFirstStreams } from './first-streams.ts';
import {
  forget,
  releasesSeen,
  stillWatched,
  takeBaseline,
  timersThatFireOnce,
  watchReleases,
  type HeldMemory,
  type InspectedMemory,
  type Releases,
  type TimerGroups,
} from './holdings.ts';
import { inspectorsOf, without, type Inspectors } from './inspectors.ts';
import type { MeasuredServer, StartOptions } from './measured-server.ts';
import { startOwnCommand } from './own-command.ts';
import { openOwnPid } from './own-pid.ts';
import { servingProcesses, type OwnServerProcess } from './own-process.ts';
import { causeOf, ServerFailure } from './server-failure.ts';
import { streamTimersAmong, type StreamTimers } from './stream-timers.ts';

/** How long the server may take to answer the first stream, and to close the first streams. */
const answersWithinMs = 10_000;
const closesWithinMs = 2_000;
/** How long the server may take to release everything. The rest counts as held. */
const releasedWithinMs = 3_000;
const pollMs = 50;

/** @throws ServerFailure if the server does not start, or serves no stream */
export async function startOwn(
  serverUnderTest: UrlUnderTest & { process: OwnProcess },
  { cores, clock, signal }: StartOptions,
): Promise<MeasuredServer> {
  if (process.platform !== 'linux')
    throw new Error(
      'a server given by its command or process id can be measured only on Linux; give only its URL, to measure it from outside',
    );
  const { url, request, process: own } = serverUnderTest;
  const endpoint = endpointOf(url, request.socketPath);
  const { origin } = new URL(url);
  const server =
    own.kind === 'command'
      ? await startOwnCommand(own, origin, endpoint, cores, signal)
      : openOwnPid(own.pid, origin);
  let inspectors: Inspectors | undefined;
  try {
    const idle = endpoint.connections().all;
    await openFirstStreams(serverUnderTest, answersWithinMs, signal);
    inspectors = await inspect(server, endpoint, signal);
    await poll(
      () => endpoint.connections().all,
      (now) => now <= idle,
      { eachMs: pollMs, withinMs: closesWithinMs, signal },
    );
    return await measured(server, endpoint, inspectors, clock);
  } catch (thrown) {
    const error = await causeOf(thrown as Error, server);
    await inspectors?.end();
    await server.stop();
    throw error instanceof ServerFailure
      ? error
      : new ServerFailure(error.message, undefined, server.stderrTail());
  }
}

async function inspect(
  server: OwnServerProcess,
  endpoint: Endpoint,
  signal: AbortSignal,
): Promise<Inspectors> {
  const pids = await servingProcesses(server, endpoint, signal);
  if (pids.length === 0)
    return without(`the system does not report which process listens on ${endpoint.words}`);
  if (server.lifelines === undefined && pids.length > 1)
    return without(
      `the server is a cluster (node:cluster), which ssebench inspects only if it starts it`,
    );
  const { lifelines } = server;
  return inspectorsOf(pids, { serverPort: endpoint.port ?? 0, lifelines, signal });
}

async function measured(
  server: OwnServerProcess,
  endpoint: Endpoint,
  inspectors: Inspectors,
  clock: Clock,
): Promise<MeasuredServer> {
  const { why } = inspectors;
  const memoryOf = (inspected: readonly InspectedMemory[] | undefined): HeldMemory => ({
    heapBytes: inspected?.reduce((sum, { heapBytes }) => sum + heapBytes, 0) ?? null,
    rssBytes: server.glance()?.rssBytes ?? 0,
  });
  const before = memoryOf(await inspectors.ask((all) => Promise.all(all.map(takeBaseline))));
  const connectionsBefore = endpoint.connections();
  let timers: StreamTimers | undefined;
  return {
    process: {
      ...withLiveFields(server),
      async stop() {
        await inspectors.end();
        await server.stop();
      },
    },
    inspection: { inspection: why === '' ? 'inspector' : 'outside', why },
    before,
    async sample() {
      const sample = server.glance();
      if (sample === undefined) throw new Error('the processes of the server have ended');
      return { ...sample, atNs: clock.nowNs() };
    },
    async beginRelease() {
      const open = endpoint.connections().open - connectionsBefore.open;
      const found = await inspectors.ask((all) => Promise.all(all.map(watchReleases)));
      if (found) timers = streamTimersAmong(added(found.map(({ watched }) => watched)), open);
      return memoryOf(found);
    },
    async awaitRelease() {
      const sockets = () => Math.max(0, endpoint.connections().all - connectionsBefore.all);
      const wait = { eachMs: pollMs, withinMs: releasedWithinMs };
      const found =
        timers === undefined
          ? undefined
          : await inspectors.ask(async (all) => {
              const left = async () => added(await Promise.all(all.map(stillWatched)));
              const now = await poll(
                async () => ({ left: await left(), sockets: sockets() }),
                (each) => timers!.held(each.left, 0) + each.sockets === 0,
                wait,
              );
              const releases = await Promise.all(all.map(releasesSeen));
              const once = timers!.fireOnce ? await Promise.all(all.map(timersThatFireOnce)) : [];
              await Promise.all(all.map(forget));
              return { ...now, releases: together(releases), once };
            });
      if (found === undefined) {
        const held = await poll(sockets, (count) => count === 0, wait);
        return { held: { timers: null, sockets: held }, clearedNs: () => [] };
      }
      const once = found.once.reduce((sum, count) => sum + count, 0);
      return {
        held: { timers: timers!.held(found.left, once), sockets: found.sockets },
        clearedNs: (everyMs) => timers!.clearedNs(found.releases, everyMs),
      };
    },
  };
}

/** A copy whose `pid` still changes on restart. */
function withLiveFields(server: OwnServerProcess): OwnServerProcess {
  return Object.defineProperty({ ...server }, 'pid', { get: () => server.pid, enumerable: true });
}

function added(all: readonly TimerGroups[]): TimerGroups {
  const sums: TimerGroups = {};
  for (const groups of all)
    for (const [group, count] of Object.entries(groups)) sums[group] = (sums[group] ?? 0) + count;
  return sums;
}

/** Merges the times of several processes, ascending. */
function together(all: readonly Releases[]): Releases {
  const groups = new Set(all.flatMap(Object.keys));
  return Object.fromEntries(
    [...groups].map((group) => [
      group,
      all.flatMap((each) => each[group] ?? []).toSorted((a, b) => a - b),
    ]),
  );
}
