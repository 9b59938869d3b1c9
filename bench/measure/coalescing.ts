/**
 * The time that an event loses because others arrive with it. The events of one read of a socket
 * arrive together, so the first waits for the last: for as long as their stamps are apart. Pure.
 */
import type { Instrument } from './instrument.ts';
import { createHistogram } from './histogram.ts';

/**
 * The distribution has one value for each read with a stamped event in the measurement; one event
 * gives 0.
 */
export interface Coalescing extends Instrument<never, 'coalescing'> {
  /** A read of a stream's socket begins, and brings the events that follow. */
  read(stream: number): void;
  /** Takes an event of the latest read. @param isMeasured whether it arrived in the measurement */
  record(stream: number, sentNs: number, isMeasured: boolean): void;
}

export function createCoalescing(streams: number): Coalescing {
  const histograms = { coalescing: createHistogram() };
  /** The stamps of the oldest and the newest event of a read; 0 without a measured event so far. */
  const oldestNs = new Float64Array(streams);
  const newestNs = new Float64Array(streams);

  function settle(stream: number) {
    if (oldestNs[stream] === 0) return;
    histograms.coalescing.recordNs(newestNs[stream]! - oldestNs[stream]!);
    oldestNs[stream] = 0;
  }
  return {
    read: settle,
    record(stream, sentNs, isMeasured) {
      if (!isMeasured) return;
      const isFirst = oldestNs[stream] === 0;
      oldestNs[stream] = isFirst ? sentNs : Math.min(oldestNs[stream]!, sentNs);
      newestNs[stream] = isFirst ? sentNs : Math.max(newestNs[stream]!, sentNs);
    },
    findings() {
      for (let stream = 0; stream < streams; stream++) settle(stream); // last read of each stream
      return { histograms };
    },
  };
}
