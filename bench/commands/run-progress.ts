/** Follows a run: its position, and how long it will still take. */
import { durationsOf } from '../metrics/metric.ts';
import type { ProgressView } from '../report/terminal/progress.ts';
import type { RoundResult } from '../result/run-result.ts';
import type { RunPosition } from '../run/run.ts';

/** All times are arguments, in milliseconds from any fixed origin. */
export interface RunWatch {
  position(position: RunPosition, atMs: number): void;
  /** Reports that a round has ended. */
  round(round: RoundResult): void;
  /** @returns the state at this moment, or `undefined` before the first position */
  view(atMs: number): ProgressView | undefined;
}

/** @param expectedRoundMs estimated length of a round, used until the first round has ended */
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
