/** Follows a run: where it is, how fast events come, and how long it will take yet. */
import type { ProgressView } from '../report/progress.ts';
import type { RunPosition } from '../run.ts';

/** Time is an argument: milliseconds from any origin. */
export interface RunWatch {
  position(position: RunPosition, atMs: number): void;
  /** @returns the view of this moment, or `undefined` before the first position */
  view(atMs: number): ProgressView | undefined;
}

/** @param expectedRoundMs the guess at a round's length, until one is over */
export function createRunWatch(rounds: number, expectedRoundMs: number, startedMs: number): RunWatch {
  let position: RunPosition | undefined;
  let roundStartedMs = startedMs;
  let last = { atMs: startedMs, events: 0 };

  return {
    position(next, atMs) {
      if (next.roundsDone !== position?.roundsDone) {
        roundStartedMs = atMs;
        last = { atMs, events: 0 };
      }
      position = next;
    },
    view(atMs) {
      if (!position) return undefined;
      const { server, round, phase, roundsDone, roundsPlanned } = position;
      const load = position.load?.progress() ?? { open: 0, events: 0 };
      const eventsPerSecond = Math.max(0, (load.events - last.events) / ((atMs - last.atMs) / 1000) || 0);
      last = { atMs, events: load.events };
      const roundMs = roundsDone > 0 ? (roundStartedMs - startedMs) / roundsDone : expectedRoundMs;
      const leftMs = Math.max(0, roundMs * (roundsPlanned - roundsDone) - (atMs - roundStartedMs));
      return { server, round, rounds, phase, load, eventsPerSecond, leftMs };
    },
  };
}
