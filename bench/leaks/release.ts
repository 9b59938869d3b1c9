/** From the times at which timers were cleared to how long their streams' clients had been gone by then. Pure. */

/** A timer that was cleared earlier than its client left was not cleared for that; the clock itself is off by less. */
const toleranceNs = 1e6;

/**
 * The k-th to leave is compared with the k-th timer that was cleared: servers let go in the order in which they hear of it.
 *
 * @param leftNs when clients left, ascending
 * @param clearings for each place where timers are created, when they were cleared, ascending
 * @returns milliseconds, of the place that was the slowest; only places with as many timers as clients say anything
 */
export function releaseOf(
  leftNs: readonly number[],
  clearings: readonly (readonly number[])[],
): number[] {
  const delays = clearings
    .filter(({ length }) => length === leftNs.length && length > 0)
    .map((clearedNs) => clearedNs.map((atNs, k) => atNs - leftNs[k]!))
    .filter((delaysNs) => delaysNs.every((delayNs) => delayNs > -toleranceNs))
    .map((delaysNs) => delaysNs.map((delayNs) => Math.max(0, delayNs) / 1e6));
  return delays.toSorted((a, b) => Math.max(...b) - Math.max(...a))[0] ?? [];
}
