/** What streams see that stay while all the others leave: how late the server's timers are then, and its events. */
import type { Counts } from './counts.ts';
import type { DurationHistogram } from './histogram.ts';
import { readCounterData } from './counter-data.ts';
import { createLoopDelay } from './loop-delay.ts';

export interface Storm {
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
  /** Where events of the measuring are counted, since they cost the server too. */
  counts: Counts;
  delivery: DurationHistogram;
  loopDelay: DurationHistogram;
}

export function createStorm({
  streams,
  intervalMs,
  isOurs,
  measuring,
  counts,
  delivery,
  loopDelay,
}: StormOptions): Storm {
  const delayOf = intervalMs === null ? undefined : createLoopDelay(streams, intervalMs * 1e6);
  let beganNs = Infinity;
  return {
    begin: (atNs) => void (beganNs = atNs),
    event(stream, data, atNs) {
      if (measuring(atNs)) counts.stayingEvents++;
      const { counted, stamp } = readCounterData(data);
      if (counted === undefined || stamp === undefined || !isOurs(Number(stamp), atNs)) return;
      const delayNs = delayOf?.(stream, Number(counted), Number(stamp));
      if (atNs < beganNs) return;
      delivery.recordNs(atNs - Number(stamp));
      if (delayNs !== undefined) loopDelay.recordNs(delayNs);
    },
  };
}
