/** The interface of all kinds of rounds: each gets a server and a load, and returns figures. */
import type { Fleet } from '../../generator/fleet.ts';
import type { LoadProgress } from '../../load/task.ts';
import type { MeasuredRound, Timeline } from '../../result/run-result.ts';
import type { MeasuredServer, ServerSample } from '../../under-test/measured-server.ts';
import { portOf } from '../../scenario/servers-under-test.ts';
import { establishedAt } from '../../system/established.ts';
import { unixConnectionsAt } from '../../system/unix-sockets.ts';
import type { Phase, RoundContext } from './context.ts';
import type { RoundTask } from './task.ts';
import { recordTimeline } from './timeline.ts';

export type Measured = Omit<MeasuredRound, 'server' | 'round' | 'startedAt' | 'doubts'>;

export interface Cast {
  task: RoundTask;
  /** `undefined` for a URL without a process. */
  server: MeasuredServer | undefined;
  fleet: Fleet;
  context: RoundContext;
  /** Aborted when the user ends the run, and when the round has failed. */
  signal: AbortSignal;
  begin(phase: Phase): void;
}

export type RoundKind = (cast: Cast) => Promise<Measured>;

/** CPU time and waiting time of a server between two samples. */
export function usedBetween(first: ServerSample, last: ServerSample) {
  const overMs = (last.atNs - first.atNs) / 1e6;
  return {
    cpuNs: last.cpuNs - first.cpuNs,
    cpuOverMs: overMs,
    waitedShare: waitedShareBetween(first, last, overMs),
    descriptors: last.descriptors,
  };
}

/** The share of the process that waited longest, among those that lived all the time. */
function waitedShareBetween(first: ServerSample, last: ServerSample, overMs: number) {
  if (first.waitsNs === null || last.waitsNs === null) return null;
  const waits = [...last.waitsNs].flatMap(([pid, waitedNs]) => {
    const beforeNs = first.waitsNs!.get(pid);
    return beforeNs === undefined ? [] : [(waitedNs - beforeNs) / 1e6 / overMs];
  });
  return Math.max(0, ...waits);
}

/**
 * Records the timeline of a round and the starts of its phases, and reports the phases to
 * observers.
 */
export function followed(
  {
    task,
    server,
    context: {
      scenario,
      world: { clock },
    },
    signal,
    begin,
  }: Cast,
  progress: () => LoadProgress,
): { enter(phase: Phase): void; timeline(): Timeline } {
  const recorder = recordTimeline(
    clock,
    progress,
    () => {
      const sample = server?.process.glance();
      return sample && { ...sample, pid: server!.process.pid }; // the pid changes after a restart
    },
    () => (scenario.slowReaders > 0 ? connectionsTo(server, task) : undefined),
  );
  signal.addEventListener('abort', recorder.end, { once: true }); // each round finally aborts it
  return {
    enter(phase) {
      recorder.enter(phase);
      begin(phase);
    },
    timeline: recorder.end,
  };
}

/**
 * Counts the connections to a server of the user. They show which slow readers it gives up, and its
 * descriptors do not: those of its own pools come and go.
 */
function connectionsTo(
  server: MeasuredServer | undefined,
  { url, request: { socketPath }, sameClock }: RoundTask,
): number | undefined {
  if (server !== undefined) return server.connections?.();
  return socketPath === null
    ? establishedAt(portOf(url), sameClock)
    : unixConnectionsAt(socketPath);
}
