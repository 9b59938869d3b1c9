/**
 * Observes the remaining streams while all others disconnect: how late the server's timers fire,
 * the delivery time of its events, and the time between them.
 */
import type { EventReader } from './event-data/reader.ts';
import type { Instrument } from './instrument.ts';
import { createHistogram } from './histogram.ts';
import { createLoopDelay } from './loop-delay.ts';

export interface Storm extends Instrument<
  'remainingStreamEvents',
  'stormDelivery' | 'stormLoopDelay' | 'stormGap'
> {
  /**
   * Takes every event of a remaining stream, from its start. Events before the storm only set the
   * basis for loop delay.
   */
  event(stream: number, data: string, atNs: number, id?: string, name?: string): void;
  begin(atNs: number): void;
  /**
   * The storm is over. A stream without an event in it has been silent for at least this long. So
   * has one that became silent in it, which counts if that is longer than any gap.
   */
  end(atNs: number): void;
}

export interface StormOptions {
  streams: number;
  read: EventReader['read'];
  /** Without an interval, the delay of the server's timers is unknown. */
  intervalMs: number | null;
  /** Whether our clock made a stamp, shortly before. */
  isOwnStamp(sentNs: number, atNs: number): boolean;
  measuring(atNs: number): boolean;
}

export function createStorm({
  streams,
  read,
  intervalMs,
  isOwnStamp,
  measuring,
}: StormOptions): Storm {
  const counts = { remainingStreamEvents: 0 };
  const histograms = {
    stormDelivery: createHistogram(),
    stormLoopDelay: createHistogram(),
    stormGap: createHistogram(),
  };
  const delayOf = intervalMs === null ? undefined : createLoopDelay(streams, intervalMs * 1e6);
  let beganNs = Infinity;
  let longestGapNs = 0;
  /** When the last event of each stream arrived; 0 if there is none. */
  const lastNs = new Float64Array(streams);

  function recordGap(gapNs: number) {
    histograms.stormGap.recordNs(gapNs);
    if (gapNs > longestGapNs) longestGapNs = gapNs;
  }

  return {
    findings: () => ({ counts, histograms }),
    begin: (atNs) => void (beganNs = atNs),
    end(atNs) {
      for (const last of lastNs)
        if (last > 0 && (last < beganNs || atNs - last > longestGapNs))
          histograms.stormGap.recordNs(atNs - last);
    },
    event(stream, data, atNs, id, name) {
      if (measuring(atNs)) counts.remainingStreamEvents++; // these events cost the server CPU time too
      const beforeNs = lastNs[stream]!;
      lastNs[stream] = atNs;
      if (atNs >= beganNs && beforeNs > 0) recordGap(atNs - beforeNs);
      const { number, stampNs } = read(data, id, name, atNs);
      if (stampNs === undefined || !isOwnStamp(stampNs, atNs)) return;
      const delayNs = delayOf?.(stream, number ?? NaN, stampNs);
      if (atNs < beganNs) return;
      histograms.stormDelivery.recordNs(atNs - stampNs);
      if (delayNs !== undefined) histograms.stormLoopDelay.recordNs(delayNs);
    },
  };
}
