/** What streams see that stay while all the others leave: how late the server's timers are then, and its events. */
import type { DurationHistogram } from './histogram.ts';
import { readCounterData } from './counter-data.ts';
import { createLoopDelay } from './loop-delay.ts';

export interface Storm {
  /** Takes an event of a stream that stays, from its beginning on; what came before the storm is not recorded. */
  event(stream: number, data: string, atNs: number): void;
  begin(atNs: number): void;
}

/**
 * @param intervalMs without one, nothing is known of the server's timers
 * @param isOurs whether a stamp was made by our clock, shortly before
 */
export function createStorm(streams: number, intervalMs: number | null, isOurs: (sentNs: number, atNs: number) => boolean, histograms: { delivery: DurationHistogram; loopDelay: DurationHistogram }): Storm {
  const delayOf = intervalMs === null ? undefined : createLoopDelay(streams, intervalMs * 1e6);
  let beganNs = Infinity;
  return {
    begin: (atNs) => void (beganNs = atNs),
    event(stream, data, atNs) {
      const { counted, stamp } = readCounterData(data);
      if (counted === undefined || stamp === undefined || !isOurs(Number(stamp), atNs)) return;
      const delayNs = delayOf?.(stream, Number(counted), Number(stamp));
      if (atNs < beganNs) return;
      histograms.delivery.recordNs(atNs - Number(stamp));
      if (delayNs !== undefined) histograms.loopDelay.recordNs(delayNs);
    },
  };
}
