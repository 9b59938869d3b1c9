/**
 * What it costs an event that others come with it. The events of one read of a socket arrived together, so the first of
 * them waited for the last: by as much as their stamps are apart. Pure.
 */
import type { Instrument } from './instrument.ts';
import { createHistogram } from './histogram.ts';

/** Its distribution has each read with a stamped event in the measurement: 0 for a read of one event. */
export interface Coalescing extends Instrument<never, 'coalescing'> {
  /** A read of a stream's socket begins; the events that follow came with it. */
  read(stream: number): void;
  /** Takes an event of the read that began last. @param isMeasured whether it came in the measurement */
  record(stream: number, sentNs: number, isMeasured: boolean): void;
}

export function createCoalescing(streams: number): Coalescing {
  const histograms = { coalescing: createHistogram() };
  /** The stamps of the oldest and the newest event of a read; 0 where it has none yet, or none that is measured. */
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
      for (let stream = 0; stream < streams; stream++) settle(stream); // the last read of each
      return { histograms };
    },
  };
}
