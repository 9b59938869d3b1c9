/**
 * How late a server's timers fire, computed from its stamps. This costs the server nothing and
 * works for every server that stamps. A timer fires late if its event loop is busy, so for a server
 * with an event loop this is the delay of that loop.
 */

/**
 * @param streams the number of streams; the returned function takes their indexes
 * @returns a function that takes the number and the stamp of an event. Its result is the time since
 * the previous stamp minus one interval, in nanoseconds. It is 0 if the event is early, and
 * `undefined` if the previous number did not arrive last.
 */
export function createLoopDelay(
  streams: number,
  intervalNs: number,
): (stream: number, number: number, sentNs: number) => number | undefined {
  const lastNumber = new Float64Array(streams).fill(NaN);
  const lastSentNs = new Float64Array(streams);
  return (stream, number, sentNs) => {
    const isNext = number === lastNumber[stream]! + 1;
    const delayNs = isNext ? Math.max(0, sentNs - lastSentNs[stream]! - intervalNs) : undefined;
    lastNumber[stream] = number;
    lastSentNs[stream] = sentNs;
    return delayNs;
  };
}
