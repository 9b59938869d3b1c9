/** Computes when the next streams are due. Pure: time is an argument. */
import type { Arrival } from './arrival.ts';

/**
 * The schedule is absolute: a late timer delays only the streams that were due meanwhile, and none
 * after them.
 *
 * @param started how many of the arrivals have started already
 * @param elapsedMs since the start of the ramp; negative before it
 * @returns how many are due now, and how long to wait for the next one (`undefined` if there is
 * none)
 */
export function pace(
  arrivals: readonly Pick<Arrival, 'atMs'>[],
  started: number,
  elapsedMs: number,
): { due: number; waitMs: number | undefined } {
  let next = started;
  while (next < arrivals.length && arrivals[next]!.atMs <= elapsedMs) next++;
  const following = arrivals[next];
  return { due: next - started, waitMs: following && following.atMs - elapsedMs };
}
