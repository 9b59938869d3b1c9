/**
 * How late a server's timers fire, by its own stamps: it costs the server nothing, and tells of any that stamps. A timer
 * fires late where the loop that it waits for is busy, so of a server with an event loop this is the delay of that loop.
 */

/**
 * @param streams how many there are; the function that is returned takes their indexes
 * @returns takes the number and the stamp of a stream's event, and gives by how much the stamp is further than one interval
 *   from that of the number before: nanoseconds, 0 where it is early; `undefined` where the number before did not come last
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
