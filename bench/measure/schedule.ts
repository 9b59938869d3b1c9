/**
 * Schedule lag: how late a paced server's events are, without a stamp from the server.
 *
 * Events of a stream are due one period apart. Two things complicate that:
 *
 * - The period is the server's own: `setInterval(100)` fires every 100.1 to 101 ms, and more slowly
 *   on a busy server. A fixed period would show that drift as ever growing lag. So the period is
 *   the mean of the latest gaps of all streams, about ten of each. Gaps that differ from the
 *   interval by more than a fifth are excluded, because a freeze does not change the period.
 * - The least late event sets the schedule. A timer that was late once stays late for good, so only
 *   events of this block of time and the last one count. A shifted schedule shows as lag for one or
 *   two blocks and is then the new schedule.
 *
 * Both begin with the warm-up: during the ramp, timers shift, and that does not predict the load to
 * come.
 *
 * The lag of an event is its delay behind that schedule. An early event has lag 0 and becomes the
 * schedule.
 */
export interface ScheduleLag {
  /**
   * Takes one event of a stream, in the order of arrival.
   *
   * @param number its place in the stream; NaN for an event outside the schedule
   * @returns nanoseconds; `undefined` before the warm-up, for the first event of a stream, and for
   * one out of order or outside the schedule
   */
  record(stream: number, number: number, receivedNs: number): number | undefined;
  /** Restarts the schedule of a stream. */
  forget(stream: number): void;
}

/** A gap counts for the period if it differs from the interval by at most this share. */
const gapTolerance = 0.2;
const gapsOfEachStream = 10;
/** A block lasts at least this long, and at least this many intervals. */
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
  // When the next event is due according to the least late event of the last block, and of this
  // one.
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
      if (!(steps > 0)) return undefined;
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
