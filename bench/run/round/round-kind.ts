/** The interface of all kinds of rounds: each gets a server and a load, and returns figures. */
import type { Fleet } from '../../generator/fleet.ts';
import type { LoadProgress } from '../../load/task.ts';
import type { MeasuredRound, Timeline } from '../../result/run-result.ts';
import type { ReferenceSample, ReferenceServer } from '../../under-test/reference.ts';
import type { Phase, RoundContext } from './context.ts';
import type { RoundTask } from './task.ts';
import { recordTimeline } from './timeline.ts';

export type Measured = Omit<MeasuredRound, 'server' | 'round' | 'startedAt' | 'doubts'>;

export interface Cast {
  task: RoundTask;
  /** `undefined` for a server that is not a reference server. */
  reference: ReferenceServer | undefined;
  fleet: Fleet;
  context: RoundContext;
  /** Aborted when the user ends the run, and when the round has failed. */
  signal: AbortSignal;
  begin(phase: Phase): void;
}

export type RoundKind = (cast: Cast) => Promise<Measured>;

/** CPU time and waiting time of a server between two samples. */
export function usedBetween(first: ReferenceSample, last: ReferenceSample) {
  const overMs = (last.atNs - first.atNs) / 1e6;
  return {
    cpuNs: last.cpuNs - first.cpuNs,
    cpuOverMs: overMs,
    waitedShare:
      first.waitedNs === null || last.waitedNs === null
        ? null
        : Math.max(0, (last.waitedNs - first.waitedNs) / 1e6 / overMs),
    descriptors: last.descriptors,
  };
}

/**
 * Records the timeline of a round and the starts of its phases, and reports the phases to
 * observers.
 */
export function followed(
  {
    reference,
    context: {
      world: { clock, sampleProcess },
    },
    signal,
    begin,
  }: Cast,
  progress: () => LoadProgress,
): { enter(phase: Phase): void; timeline(): Timeline } {
  const recorder = recordTimeline(clock, progress, () => {
    const pid = reference?.server.pid; // changes after a restart
    const sample = pid === undefined ? undefined : sampleProcess(pid);
    return sample && { ...sample, pid: pid! };
  });
  signal.addEventListener('abort', recorder.end, { once: true }); // each round finally aborts it
  return {
    enter(phase) {
      recorder.enter(phase);
      begin(phase);
    },
    timeline: recorder.end,
  };
}
