/** Streams that the server cuts: when they are back, and which events they missed meanwhile. */
import type { Causes } from '../result/recording.ts';
import { countUp } from './failure-counts.ts';
import type { Instrument } from './instrument.ts';
import { createHistogram } from './histogram.ts';

export interface Reconnects extends Instrument<
  'cut' | 'reconnected' | 'missedOverCut' | 'doubledOverCut',
  'recovery' | 'reconnectAttempt' | 'reconnectLag',
  'failedAttempts' | 'unexpectedEvents'
> {
  /** The server has cut an open stream. Called once for each stream. */
  cut(stream: number): void;
  wasCut(stream: number): boolean;
  /** Whether the stream was cut, or lost again, and has received no event since. */
  isDisconnected(stream: number): boolean;
  /** A stream that was back is lost again, for any reason. */
  lostAgain(stream: number, cause: string, message: string): void;
  /** The server asks for another wait than the configured one. */
  waitChanged(waitMs: number): void;
  /** The client tries to reconnect. */
  attempted(intendedNs: number, atNs: number): void;
  attemptFailed(cause: string, message: string): void;
  /**
   * Takes each event of a stream. The first one after a cut counts the stream as back.
   * @param number of the event, if it has one
   */
  event(stream: number, number: number | undefined, atNs: number): void;
}

/** @param cutAtNs when ssebench tells the server to cut the streams, on the common clock */
export function createReconnects(streams: number, cutAtNs: number): Reconnects {
  const counts = { cut: 0, reconnected: 0, missedOverCut: 0, doubledOverCut: 0 };
  const failedAttempts: Causes = {};
  const unexpectedEvents: Causes = {};
  const histograms = { reconnectAttempt: createHistogram(), reconnectLag: createHistogram() };
  const state: ('open' | 'disconnected' | 'reconnected')[] = Array.from(
    { length: streams },
    () => 'open',
  );
  /** When each stream was back; 0 if it is not. */
  const backNs = new Float64Array(streams);
  /** The highest number received, and the highest one at the last loss. */
  const highest = new Float64Array(streams).fill(-1);
  const highestBefore = new Float64Array(streams).fill(-1);

  function lose(stream: number) {
    state[stream] = 'disconnected';
    highestBefore[stream] = highest[stream]!;
  }
  /** The time from the cut until each stream was back for good, which is known only at the end. */
  function recovery() {
    const histogram = createHistogram();
    for (const atNs of backNs) if (atNs > 0) histogram.recordNs(atNs - cutAtNs);
    return histogram;
  }
  return {
    wasCut: (stream) => state[stream] !== 'open',
    isDisconnected: (stream) => state[stream] === 'disconnected',
    cut(stream) {
      counts.cut++;
      lose(stream);
    },
    lostAgain(stream, cause, message) {
      counts.reconnected--;
      backNs[stream] = 0;
      countUp(failedAttempts, `${cause}, after a reconnect`, message);
      lose(stream);
    },
    waitChanged(waitMs) {
      countUp(
        unexpectedEvents,
        `the server asks clients to wait ${waitMs} ms before they reconnect, which overrides --retry`,
        `retry: ${waitMs}`,
      );
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
      if (state[stream] === 'disconnected') {
        state[stream] = 'reconnected';
        counts.reconnected++;
        backNs[stream] = atNs;
        if (number !== undefined) {
          counts.missedOverCut += Math.max(0, number - before - 1);
          counts.doubledOverCut += Math.max(0, before - number + 1);
        }
      }
      if (number !== undefined) highest[stream] = Math.max(highest[stream]!, number);
    },
    findings: () => ({
      counts,
      failedAttempts,
      unexpectedEvents,
      histograms: { ...histograms, recovery: recovery() },
    }),
  };
}
