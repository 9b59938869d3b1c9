/** Follows a run: where it is, and how long it will take yet. */
import { durationsOf } from '../metrics/metric.ts';
import type { ProgressView } from '../report/terminal/progress.ts';
import type { RoundResult } from '../result/run-result.ts';
import type { RunPosition } from '../run/run.ts';

/** Time is an argument: milliseconds from any origin. */
export interface RunWatch {
  position(position: RunPosition, atMs: number): void;
  /** A round is over. */
  round(round: RoundResult): void;
  /** @returns the view of this moment, or `undefined` before the first position */
  view(atMs: number): ProgressView | undefined;
}

/** @param expectedRoundMs the guess at a round's length, until one is over */
export function createRunWatch(
  rounds: number,
  expectedRoundMs: number,
  startedMs: number,
): RunWatch {
  let position: RunPosition | undefined;
  let roundStartedMs = startedMs;
  let latest: ProgressView['latest'];

  return {
    position(next, atMs) {
      if (next.roundsDone !== position?.roundsDone) roundStartedMs = atMs;
      position = next;
    },
    round(round) {
      if (round.state !== 'measured') return;
      const p99Ms = durationsOf(round, 'delivery').quantileMs(0.99);
      if (p99Ms !== undefined) latest = { server: round.server, p99Ms };
    },
    view(atMs) {
      if (!position) return undefined;
      const { server, round, phase, roundsDone, roundsPlanned } = position;
      const load = position.load?.progress() ?? {
        open: 0,
        eventsPerSecond: 0,
        loopDelayMs: null,
        deliveryMs: null,
      };
      const roundMs = roundsDone > 0 ? (roundStartedMs - startedMs) / roundsDone : expectedRoundMs;
      const leftMs = Math.max(0, roundMs * (roundsPlanned - roundsDone) - (atMs - roundStartedMs));
      return { server, round, rounds, phase, load, latest, leftMs };
    },
  };
}
