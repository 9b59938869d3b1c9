/**
 * Release times: from a client's leaving to the server's clearing of what it had for that client. Pure.
 *
 * Which timer belonged to which stream cannot be told from outside. Servers hear of their clients' leaving in its order,
 * and the mean is the same for any other pairing: so the k-th timer that was cleared goes with the k-th client that left.
 */
import { createHistogram } from '../measure/histogram.ts';

/** A timer that was cleared earlier than its client left was not cleared for that; the clock itself is off by less. */
const toleranceNs = 1e6;

/** @returns nanoseconds; of those that were cleared, where they are fewer */
const delaysNs = (leftNs: ArrayLike<number>, clearedNs: readonly number[]): number[] =>
  clearedNs.map((atNs, k) => atNs - leftNs[k]!);

/**
 * Of the timers of all streams under load, of which the server may still hold some.
 *
 * @param leftNs when the clients closed their streams, ascending
 * @param clearedNs when the server cleared a timer, ascending
 * @returns an encoded histogram, empty where the server cleared more than the streams' own
 */
export function releaseTimes(leftNs: ArrayLike<number>, clearedNs: readonly number[]): string {
  const histogram = createHistogram();
  // More of them than streams left: some have another purpose, and none can be told from the others.
  const isOwn = clearedNs.length <= leftNs.length;
  for (const delayNs of isOwn ? delaysNs(leftNs, clearedNs) : []) histogram.recordNs(delayNs);
  return histogram.encode();
}

/**
 * Of timers that are known by the place of their creation, as the probe knows them.
 *
 * @param leftNs when clients left, ascending
 * @param clearings for each place where timers are created, when they were cleared, ascending
 * @returns milliseconds, of the place that was the slowest; only places with as many timers as clients say anything
 */
export function slowestReleaseMs(
  leftNs: readonly number[],
  clearings: readonly (readonly number[])[],
): number[] {
  const delays = clearings
    .filter(({ length }) => length === leftNs.length && length > 0)
    .map((clearedNs) => delaysNs(leftNs, clearedNs))
    .filter((each) => each.every((delayNs) => delayNs > -toleranceNs))
    .map((each) => each.map((delayNs) => Math.max(0, delayNs) / 1e6));
  return delays.toSorted((a, b) => Math.max(...b) - Math.max(...a))[0] ?? [];
}
