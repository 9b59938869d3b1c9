/** The processes of a user's server, as `own-server.ts` inspects them. */
import type { Lifelines } from '../inspector/lifelines.ts';
import { leaderOf, workersOf } from '../system/cluster.ts';
import type { Relative } from '../system/processes.ts';
import { descriptorsByNumber } from '../system/sockets.ts';
import { poll } from '../system/time.ts';
import type { Endpoint } from './endpoint.ts';
import type { ServerProcess } from './measured-server.ts';

export interface OwnServerProcess extends ServerProcess {
  /** All living processes of the server. */
  processes(): Relative[];
  /** Where its processes connect to for inspection; `undefined` if ssebench did not start them. */
  lifelines: Lifelines | undefined;
}

const pollMs = 50;
/** A server may print that it is ready shortly before it listens. */
const listensWithinMs = 2_000;
/** A primary starts its workers one after another. */
const settledMs = 500;
const settlesWithinMs = 10_000;

/**
 * @param listeners processes outside the server that listen in its place
 * @param isSeen whether somebody listens, and the system shows what each process of the server
 * listens on
 * @returns the process that serves instead of the server; `undefined` if the server may do so itself
 */
export function otherServer(listeners: readonly number[], isSeen: boolean): string | undefined {
  const [pid] = listeners;
  if (pid !== undefined)
    return `process ${pid}, which is not part of the measured server; give its pid (--pid ${pid}), or the command that starts it`;
  return isSeen
    ? 'a process of another user, such as a container, which is not part of the measured server; give only the URL, to measure it from outside'
    : undefined;
}

/**
 * Finds the processes that serve the streams: those that listen, and the workers of a cluster.
 *
 * @returns empty if the system does not report who listens
 * @throws if only processes listen that are not part of the server: its figures would be theirs
 */
export async function servingProcesses(
  server: OwnServerProcess,
  endpoint: Endpoint,
  signal: AbortSignal,
): Promise<number[]> {
  const own = () => server.processes().map(({ pid }) => pid);
  const listeners = await poll(
    () => endpoint.listeners(own()),
    ({ length }) => length > 0,
    { eachMs: pollMs, withinMs: listensWithinMs, signal },
  );
  const known = new Set(own());
  const serving = listeners.filter((pid) => known.has(pid));
  if (serving.length === 0) {
    const isSeen = endpoint.port !== undefined && [...known].every(showsDescriptors);
    const other = otherServer(listeners, isSeen && (await endpoint.isOpen()));
    if (other !== undefined) throw new Error(`${endpoint.words} belongs to ${other}`);
  }
  const leaders = [...new Set(serving.map(leaderOf))];
  return (await Promise.all(leaders.map((leader) => withWorkers(leader, signal)))).flat();
}

/** The system hides those of other users, and of programs with capabilities of their own. */
const showsDescriptors = (pid: number) => descriptorsByNumber(pid).length > 0;

/** Waits until the number of workers has settled. Most servers have none to wait for. */
async function withWorkers(leader: number, signal: AbortSignal): Promise<number[]> {
  let workers = workersOf(leader);
  let sinceMs = performance.now();
  await poll(
    () => {
      const now = workersOf(leader);
      if (String(now) !== String(workers)) sinceMs = performance.now();
      workers = now;
    },
    () => workers.length === 0 || performance.now() >= sinceMs + settledMs,
    { eachMs: pollMs, withinMs: settlesWithinMs, signal },
  );
  return [leader, ...workers];
}
