/**
 * Whether events queue up between the server's stamp and our read. The freshest event of a stream in the first half of the
 * measuring is compared with its freshest in the second: what is fresh waited for nobody. Events that come several at a time
 * change nothing in that, wherever the measuring begins and ends between two batches.
 */
import type { Instrument } from './instrument.ts';

export interface Conservation extends Instrument<
  'comparedStreams' | 'stampAdvanceNs' | 'receiptAdvanceNs'
> {
  /** Takes an event of the measuring; times are nanoseconds of the common clock. */
  record(stream: number, sentNs: number, atNs: number): void;
  /** The stream begins anew: what came before compares with nothing. */
  forget(stream: number): void;
}

/** The freshest event of each stream in one half: its stamp and its receipt, 0 where there is none. */
const freshest = (streams: number) => ({
  sentNs: new Float64Array(streams),
  atNs: new Float64Array(streams),
});
type Freshest = ReturnType<typeof freshest>;

/** @param middleNs of the measuring */
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

  /** What a stream adds to the sums goes in place of what it added before. */
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
