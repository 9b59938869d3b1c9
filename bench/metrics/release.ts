/**
 * Release times: from a client's disconnect to the moment the server releases what it held for that
 * client. Pure.
 *
 * From outside, ssebench cannot see which timer belongs to which stream. Servers notice disconnects
 * in order, and the mean is the same for any pairing. So the k-th cleared timer is paired with the
 * k-th client that disconnected.
 */
import { createHistogram } from '../measure/histogram.ts';

/**
 * A timer cleared earlier than this before its client's disconnect had another cause. The clock's
 * own error is smaller.
 */
const toleranceNs = 1e6;

/**
 * @returns nanoseconds, one for each cleared timer, even if there are fewer of them than clients
 */
const delaysNs = (disconnectedNs: ArrayLike<number>, clearedNs: readonly number[]): number[] =>
  clearedNs.map((atNs, k) => atNs - disconnectedNs[k]!);

/**
 * Release times of all streams under load. The server may still hold some of their timers.
 *
 * @param disconnectedNs when the clients closed their streams, ascending
 * @param clearedNs when the server cleared a timer, ascending
 * @returns an encoded histogram, empty if the server cleared more timers than streams disconnected
 */
export function releaseTimes(
  disconnectedNs: ArrayLike<number>,
  clearedNs: readonly number[],
): string {
  const histogram = createHistogram();
  // With more cleared timers than streams, some have another purpose, and nothing distinguishes
  // them.
  const isOwn = clearedNs.length <= disconnectedNs.length;
  for (const delayNs of isOwn ? delaysNs(disconnectedNs, clearedNs) : [])
    histogram.recordNs(delayNs);
  return histogram.encode();
}

/**
 * Release times of timers grouped by the place of their creation, which the probe reports.
 *
 * @param disconnectedNs when clients disconnected, ascending
 * @param clearings for each place where timers are created, when they were cleared, ascending
 * @returns milliseconds for the slowest place; ignores places whose number of timers differs from
 * that of clients
 */
export function slowestReleaseMs(
  disconnectedNs: readonly number[],
  clearings: readonly (readonly number[])[],
): number[] {
  const delays = clearings
    .filter(({ length }) => length === disconnectedNs.length && length > 0)
    .map((clearedNs) => delaysNs(disconnectedNs, clearedNs))
    .filter((each) => each.every((delayNs) => delayNs > -toleranceNs))
    .map((each) => each.map((delayNs) => Math.max(0, delayNs) / 1e6));
  return delays.toSorted((a, b) => Math.max(...b) - Math.max(...a))[0] ?? [];
}
