/**
 * A server with several processes (`node:cluster`): inspects the primary and all workers as one
 * server.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { addUpHeld } from '../../result/held.ts';
import { leaderOf, workersOf } from '../../system/cluster.ts';
import { inspectProcess, type Inspection, type InspectionOptions } from './inspection.ts';
import type { WorkSample } from './work.ts';

/**
 * A primary starts its workers one after another, so the first may listen before the last has
 * started.
 */
const settledMs = 500;
const pollMs = 50;
const mostPolls = 200;

/**
 * Inspects a server that we started: one process, or all processes of a cluster.
 *
 * @param pids processes that listen on its port
 * @throws if there are several processes that do not form a cluster
 */
export async function inspectServer(
  pids: readonly number[],
  options: InspectionOptions,
): Promise<Inspection> {
  const leaders = new Set(pids.map(leaderOf));
  const [leader] = leaders;
  if (leader === undefined || leaders.size > 1) {
    throw new Error(
      `port ${options.serverPort}: ${pids.length} processes listen on it (${pids.join(', ')}), and each holds a part of the streams; start only one of them`,
    );
  }
  const workers = await settledWorkersOf(leader, options.signal);
  if (workers.length === 0) return inspectProcess(leader, options);
  const inspections = await Promise.allSettled(
    [leader, ...workers].map((pid) => inspectProcess(pid, options)),
  );
  const failed = inspections.find((inspection) => inspection.status === 'rejected');
  const opened = inspections.flatMap((inspection) =>
    inspection.status === 'fulfilled' ? [inspection.value] : [],
  );
  // The workers are children of the primary, which is the first.
  if (failed === undefined)
    return together(
      opened,
      () => whyOther(leader, workers),
      ([ofPrimary]) => ofPrimary!,
    );
  await Promise.all(opened.map((inspection) => inspection.end()));
  throw new Error(
    `cluster (node:cluster) of process ${leader} with ${workers.length} workers: ${(failed.reason as Error).message}`,
  );
}

/** @returns why a running process cannot be inspected, if it is part of a cluster */
export function whyNoCluster(pid: number): string | undefined {
  const leader = leaderOf(pid);
  const count = workersOf(leader).length;
  if (count === 0) return undefined;
  const what =
    leader === pid
      ? `the primary of a cluster (node:cluster) with ${count} ${count === 1 ? 'worker' : 'workers'}`
      : `a worker of the cluster (node:cluster) of process ${leader}`;
  return (
    `process ${pid} is ${what}, and each worker holds a part of the streams. ssebench inspects a cluster only if it starts it: ` +
    'give the command after -- instead of --pid, or run the server as one process; --inspection outside works without the inspector'
  );
}

async function settledWorkersOf(leader: number, signal: AbortSignal): Promise<number[]> {
  let workers = workersOf(leader);
  let sinceMs = performance.now();
  // Most servers are not clusters and have no workers to wait for.
  for (
    let polls = 0;
    workers.length > 0 && performance.now() < sinceMs + settledMs && polls < mostPolls;
    polls++
  ) {
    await sleep(pollMs, undefined, { signal });
    const now = workersOf(leader);
    if (String(now) !== String(workers)) sinceMs = performance.now();
    workers = now;
  }
  return workers;
}

/**
 * A worker that started later is not inspected, and the counts of an ended worker are gone. In both
 * cases the sums mean nothing.
 */
function whyOther(leader: number, workers: readonly number[]): string | undefined {
  const now = workersOf(leader);
  const ended = workers.filter((pid) => !now.includes(pid)).map((pid) => `worker ${pid} ended`);
  const started = now.filter((pid) => !workers.includes(pid)).map((pid) => `worker ${pid} started`);
  const changes = [...ended, ...started].join(', ');
  return changes === ''
    ? undefined
    : `the cluster of process ${leader} changed during the check, so its counts are incomplete: ${changes}; run it with a fixed number of workers`;
}

/**
 * Inspects several processes as one server.
 *
 * @param whyNot called before each count; returns why the sum would be incomplete, if so
 * @param workOf adds up the work of the processes
 */
export function together(
  inspections: readonly Inspection[],
  whyNot: () => string | undefined,
  workOf: (samples: readonly WorkSample[]) => Omit<WorkSample, 'timers'>,
): Inspection {
  const [first] = inspections;
  const each = async <Part>(ask: (inspection: Inspection) => Promise<Part>): Promise<Part[]> => {
    const reason = whyNot();
    if (reason !== undefined) throw new Error(reason);
    return Promise.all(inspections.map(ask));
  };
  const sum = (parts: readonly (number | undefined)[]) =>
    parts.includes(undefined) ? undefined : parts.reduce((total: number, part) => total + part!, 0);
  return {
    kind: first!.kind,
    why: first!.why,
    take: async () => addUpHeld((await each((inspection) => inspection.take())).flat()),
    async glance() {
      const glances = await each((inspection) => inspection.glance());
      return {
        connections: sum(glances.map(({ connections }) => connections)),
        timers: sum(glances.map(({ timers }) => timers)),
      };
    },
    async work() {
      const samples = await each((inspection) => inspection.work());
      return { ...workOf(samples), timers: sum(samples.map(({ timers }) => timers)) };
    },
    keepersOfResponses: async () => [
      ...new Set((await each((inspection) => inspection.keepersOfResponses())).flat()),
    ],
    leaveOut(keys) {
      for (const inspection of inspections) inspection.leaveOut(keys);
    },
    async named(leaks) {
      let named = [...leaks];
      for (const inspection of inspections) named = await inspection.named(named);
      return named;
    },
    memoryBytes: async () => sum(await each((inspection) => inspection.memoryBytes()))!,
    async queued() {
      const all = await each((inspection) => inspection.queued());
      return {
        memoryBytes: sum(all.map(({ memoryBytes }) => memoryBytes))!,
        queuedBytes: sum(all.map(({ queuedBytes }) => queuedBytes))!,
        beyondMarkBytes: sum(all.map(({ beyondMarkBytes }) => beyondMarkBytes))!,
      };
    },
    heapKb: async () => sum(await each((inspection) => inspection.heapKb())),
    clearings: async () => (await each((inspection) => inspection.clearings())).flat(),
    end: async () => void (await Promise.all(inspections.map((inspection) => inspection.end()))),
  };
}
