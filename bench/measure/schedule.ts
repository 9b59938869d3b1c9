/**
 * Schedule lag: how late a paced server's events are, without a stamp from the server.
 *
 * Events of a stream are due one period apart. Two things keep that from being simple:
 *
 * - The period is the server's own: `setInterval(100)` comes each 100.1 to 101 ms, more when the server is
 *   busier, and that drift would read as ever growing lag. So the period is followed: it is the mean of the
 *   latest gaps of all streams, about ten of each. Gaps more than a fifth off the interval are left out; a
 *   freeze is no change of period.
 * - The schedule starts somewhere: with the least late event. A timer that was late once stays late for good,
 *   so only the latest events count, those of this and of the last block of time: a shift of the schedule
 *   shows as lag for a block or two and is then the new schedule.
 *
 * Both begin with the warm-up: while the streams are being opened, timers shift and say nothing of the load to come.
 *
 * Lag is what an event is late by that schedule; where it is early, its lag is 0 and it becomes the schedule.
 */
export interface ScheduleLag {
  /**
   * Takes one event of a stream, in the order of their arrival.
   *
   * @param number its place in the stream
   * @returns nanoseconds; `undefined` for events before the warm-up, the first of a stream, and those out of order
   */
  record(stream: number, number: number, receivedNs: number): number | undefined;
  /** The stream begins anew, with a schedule of its own. */
  forget(stream: number): void;
}

/** How far a gap may be from the interval to count for the period. */
const gapTolerance = 0.2;
const gapsOfEachStream = 10;
/** A block lasts at least this long, and this many intervals. */
const blockNs = 2e9;
const blockIntervals = 20;

/** @param warmUpAtNs when the schedule begins */
export function createScheduleLag(
  streams: number,
  intervalNs: number,
  warmUpAtNs: number,
): ScheduleLag {
  const lastNs = new Float64Array(streams);
  const lastNumber = new Float64Array(streams).fill(-1);
  // When the event would be due by the least late event of the last block, and of this one.
  const dueByLastBlockNs = new Float64Array(streams).fill(Infinity);
  const dueByThisBlockNs = new Float64Array(streams).fill(Infinity);
  const block = Math.max(blockNs, blockIntervals * intervalNs);
  const gapsKept = gapsOfEachStream * streams;
  let periodNs = intervalNs;
  let gaps = 0;

  function follow(gapNs: number) {
    if (Math.abs(gapNs - intervalNs) > gapTolerance * intervalNs) return;
    gaps = Math.min(gaps + 1, gapsKept);
    periodNs += (gapNs - periodNs) / gaps;
  }

  return {
    forget(stream) {
      lastNs[stream] = 0;
      lastNumber[stream] = -1;
      dueByLastBlockNs[stream] = Infinity;
    },
    record(stream, number, receivedNs) {
      if (receivedNs < warmUpAtNs) return undefined;
      const beforeNs = lastNs[stream]!;
      const steps = number - lastNumber[stream]!;
      if (steps <= 0) return undefined;
      lastNs[stream] = receivedNs;
      lastNumber[stream] = number;
      if (beforeNs === 0) {
        dueByThisBlockNs[stream] = receivedNs;
        return undefined;
      }
      const byLastNs = dueByLastBlockNs[stream]! + steps * periodNs;
      const byThisNs = dueByThisBlockNs[stream]! + steps * periodNs;
      const lagNs = receivedNs - Math.min(byLastNs, byThisNs);
      follow((receivedNs - beforeNs) / steps);
      if (Math.floor(receivedNs / block) === Math.floor(beforeNs / block)) {
        dueByLastBlockNs[stream] = byLastNs;
        dueByThisBlockNs[stream] = Math.min(byThisNs, receivedNs);
      } else {
        dueByLastBlockNs[stream] = byThisNs;
        dueByThisBlockNs[stream] = receivedNs;
      }
      return Math.max(0, lagNs);
    },
  };
}
