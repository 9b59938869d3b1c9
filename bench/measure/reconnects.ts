/** What becomes of streams that the server cuts: when they are back, and which events they missed meanwhile. */
import type { Counts } from './counts.ts';
import { countUp, type FailureCount } from './failure-counts.ts';
import type { DurationHistogram } from './histogram.ts';

export interface Reconnects {
  /** A stream that was open is so no more. */
  cut(stream: number): void;
  /** Whether it was cut and has had no event since. */
  isAway(stream: number): boolean;
  /** It tries to come again. */
  attempted(intendedNs: number, atNs: number): void;
  attemptFailed(cause: string, message: string): void;
  /** Takes each event of a stream; the first since it was cut brings it back. @param number of the event, where it has one */
  event(stream: number, number: number | undefined, atNs: number): void;
}

export interface ReconnectOptions {
  streams: number;
  /** When the server is told to cut them, on the common clock. */
  cutAtNs: number;
  counts: Counts;
  failedAttempts: Record<string, FailureCount>;
  histograms: Readonly<Record<'recovery' | 'reconnectAttempt' | 'reconnectLag', DurationHistogram>>;
}

export function createReconnects({ streams, cutAtNs, counts, failedAttempts, histograms }: ReconnectOptions): Reconnects {
  const away = new Uint8Array(streams);
  /** The highest number that came, and that which had come when it was cut. */
  const highest = new Float64Array(streams).fill(-1);
  const highestBefore = new Float64Array(streams).fill(-1);

  return {
    isAway: (stream) => away[stream] === 1,
    cut(stream) {
      counts.cut++;
      away[stream] = 1;
      highestBefore[stream] = highest[stream]!;
    },
    attempted(intendedNs, atNs) {
      histograms.reconnectAttempt.recordNs(atNs - cutAtNs);
      histograms.reconnectLag.recordNs(atNs - intendedNs);
    },
    attemptFailed(cause, message) {
      countUp(failedAttempts, cause, message);
    },
    event(stream, number, atNs) {
      const before = highestBefore[stream]!;
      if (away[stream] === 1) {
        away[stream] = 0;
        counts.returned++;
        histograms.recovery.recordNs(atNs - cutAtNs);
        if (number !== undefined) counts.missedOverCut += Math.max(0, number - before - 1);
      }
      if (number === undefined) return;
      if (number <= before) counts.doubledOverCut++;
      highest[stream] = Math.max(highest[stream]!, number);
    },
  };
}
