/** What streams see that stay while all the others leave: how late the server's timers are then, and its events. */
import { readCounterData } from './counter-data.ts';
import type { Instrument } from './instrument.ts';
import { createHistogram } from './histogram.ts';
import { createLoopDelay } from './loop-delay.ts';

export interface Storm extends Instrument<'stayingEvents', 'stormDelivery' | 'stormLoopDelay'> {
  /** Takes an event of a stream that stays, from its beginning on; what came before the storm is not recorded. */
  event(stream: number, data: string, atNs: number): void;
  begin(atNs: number): void;
}

export interface StormOptions {
  streams: number;
  /** Without one, nothing is known of the server's timers. */
  intervalMs: number | null;
  /** Whether a stamp was made by our clock, shortly before. */
  isOurs(sentNs: number, atNs: number): boolean;
  measuring(atNs: number): boolean;
}

export function createStorm({ streams, intervalMs, isOurs, measuring }: StormOptions): Storm {
  const counts = { stayingEvents: 0 };
  const histograms = { stormDelivery: createHistogram(), stormLoopDelay: createHistogram() };
  const delayOf = intervalMs === null ? undefined : createLoopDelay(streams, intervalMs * 1e6);
  let beganNs = Infinity;
  return {
    findings: () => ({ counts, histograms }),
    begin: (atNs) => void (beganNs = atNs),
    event(stream, data, atNs) {
      if (measuring(atNs)) counts.stayingEvents++; // they cost the server too
      const { counted, stamp } = readCounterData(data);
      if (counted === undefined || stamp === undefined || !isOurs(Number(stamp), atNs)) return;
      const delayNs = delayOf?.(stream, Number(counted), Number(stamp));
      if (atNs < beganNs) return;
      histograms.stormDelivery.recordNs(atNs - Number(stamp));
      if (delayNs !== undefined) histograms.stormLoopDelay.recordNs(delayNs);
    },
  };
}
