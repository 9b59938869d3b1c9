/**
 * Follows a load plan: starts each stream when it is due, and reports when its lifetime is over.
 */
import type { Clock } from '../system/clock.ts';
import type { Arrival } from './arrival.ts';
import { pace } from './pacer.ts';

export interface FollowPlanOptions {
  arrivals: readonly Arrival[];
  /** When the ramp starts, on the common clock. */
  rampAtNs: number;
  clock: Clock;
  start(stream: number): void;
  /** Called when the lifetime of a stream is over; the stream may have ended before. */
  endLifetime(stream: number): void;
}

/** @returns a function that stops further starts; started streams still disconnect */
export function followPlan({
  arrivals,
  rampAtNs,
  clock,
  start,
  endLifetime,
}: FollowPlanOptions): () => void {
  const elapsedMs = () => (clock.nowNs() - rampAtNs) / 1e6;
  let started = 0;
  let next: NodeJS.Timeout | undefined;

  function startOne(stream: number) {
    const { disconnectAtMs } = arrivals[stream]!;
    if (disconnectAtMs !== undefined)
      setTimeout(endLifetime, Math.max(0, disconnectAtMs - elapsedMs()), stream);
    start(stream);
  }
  function startThoseDue() {
    const { due, waitMs } = pace(arrivals, started, elapsedMs());
    for (const end = started + due; started < end; started++) startOne(started);
    if (waitMs !== undefined) next = setTimeout(startThoseDue, waitMs);
  }
  startThoseDue();
  return () => clearTimeout(next);
}
