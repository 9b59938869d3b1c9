/** What every kind of round has in common: it is given a server and a load, and comes to figures. */
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
  /** Nothing for a server that is not ours. */
  reference: ReferenceServer | undefined;
  fleet: Fleet;
  context: RoundContext;
  /** Aborted when a person wants no more, and when the round has failed. */
  signal: AbortSignal;
  begin(phase: Phase): void;
}

export type RoundKind = (cast: Cast) => Promise<Measured>;

/** What a server used up between two samples. */
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

/** What a round looks like over time, and which phase begins when: told to whoever watches, and kept. */
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
    const pid = reference?.server.pid; // another after a restart
    const sample = pid === undefined ? undefined : sampleProcess(pid);
    return sample && { ...sample, pid: pid! };
  });
  signal.addEventListener('abort', recorder.end, { once: true }); // whatever happens, the round aborts it in the end
  return {
    enter(phase) {
      recorder.enter(phase);
      begin(phase);
    },
    timeline: recorder.end,
  };
}
