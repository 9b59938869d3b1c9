/** When the next streams are due: pure, with time as an argument. */
import type { Arrival } from './arrival.ts';

/**
 * The schedule is absolute: a late timer makes the streams that it held up late, and none after them.
 *
 * @param started how many of the arrivals were started already
 * @param elapsedMs since the beginning of the ramp; negative before it
 * @returns how many are due now, and how long to wait for the one after them (`undefined`: that was all)
 */
export function pace(
  arrivals: readonly Arrival[],
  started: number,
  elapsedMs: number,
): { due: number; waitMs: number | undefined } {
  let next = started;
  while (next < arrivals.length && arrivals[next]!.atMs <= elapsedMs) next++;
  const following = arrivals[next];
  return { due: next - started, waitMs: following && following.atMs - elapsedMs };
}
