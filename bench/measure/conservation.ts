/**
 * Finds out whether events queue up between the server's stamp and our read. It compares the
 * freshest event of a stream in the first half of the measurement with the freshest one in the
 * second half: a fresh event did not queue. Batches of events do not change the result, wherever
 * the measurement starts and ends between two batches.
 */
import type { Instrument } from './instrument.ts';

export interface Conservation extends Instrument<
  'comparedStreams' | 'stampAdvanceNs' | 'receiptAdvanceNs'
> {
  /** Takes an event of the measurement; times are nanoseconds of the common clock. */
  record(stream: number, sentNs: number, atNs: number): void;
  /** Restarts a stream: earlier events are not compared with later ones. */
  forget(stream: number): void;
}

/** The freshest event of each stream in one half: its stamp and its receipt; 0 if there is none. */
const freshest = (streams: number) => ({
  sentNs: new Float64Array(streams),
  atNs: new Float64Array(streams),
});
type Freshest = ReturnType<typeof freshest>;

/** @param middleNs the middle of the measurement */
export function createConservation(streams: number, middleNs: number): Conservation {
  const counts = { comparedStreams: 0, stampAdvanceNs: 0, receiptAdvanceNs: 0 };
  const first = freshest(streams);
  const second = freshest(streams);

  const isFresher = (half: Freshest, stream: number, sentNs: number, atNs: number) =>
    half.atNs[stream] === 0 || atNs - sentNs < half.atNs[stream]! - half.sentNs[stream]!;
  function keep(half: Freshest, stream: number, sentNs: number, atNs: number) {
    half.sentNs[stream] = sentNs;
    half.atNs[stream] = atNs;
  }

  /** Replaces the stream's earlier contribution to the sums. */
  function keepSecond(stream: number, sentNs: number, atNs: number) {
    const isNew = second.atNs[stream] === 0;
    const last = isNew ? first : second;
    counts.comparedStreams += isNew ? 1 : 0;
    counts.stampAdvanceNs += sentNs - last.sentNs[stream]!;
    counts.receiptAdvanceNs += atNs - last.atNs[stream]!;
    keep(second, stream, sentNs, atNs);
  }

  return {
    findings: () => ({ counts }),
    record(stream, sentNs, atNs) {
      const isFirst = atNs < middleNs;
      if (!isFirst && first.atNs[stream] === 0) return;
      if (!isFresher(isFirst ? first : second, stream, sentNs, atNs)) return;
      if (isFirst) keep(first, stream, sentNs, atNs);
      else keepSecond(stream, sentNs, atNs);
    },
    forget(stream) {
      first.atNs[stream] = 0;
      second.atNs[stream] = 0;
    },
  };
}
