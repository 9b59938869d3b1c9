/**
 * Reads the stamps in events: the delivery time, how late the server sent, and whether events
 * wait somewhere.
 */
import { createCoalescing } from './coalescing.ts';
import { createConservation } from './conservation.ts';
import { createHistogram } from './histogram.ts';
import type { Instrument } from './instrument.ts';
import { createLoopDelay } from './loop-delay.ts';

/** A stamp older than this was not made by our clock. */
export const longestDeliveryNs = 3600e9;
/** How much two cores may differ when they read the same clock. */
const clockToleranceNs = 100_000;

/** Findings from the stamps of a period, in nanoseconds; `null` without stamps. */
export interface RecentStamps {
  /** The longest delay of the server's loop. */
  loopDelayNs: number | null;
  /** The mean delivery time. */
  deliveryNs: number | null;
}

/** Whether our clock made this stamp, at most 1 h ago. */
export const isOwnStamp = (sameClock: boolean, sentNs: number, atNs: number): boolean =>
  sameClock && Math.abs(atNs - sentNs) < longestDeliveryNs;

export interface Stamps extends Instrument<
  | 'sent'
  | 'stamped'
  | 'unread'
  | 'stampedAhead'
  | 'comparedStreams'
  | 'stampAdvanceNs'
  | 'receiptAdvanceNs',
  'delivery' | 'loopDelay' | 'coalescing'
> {
  /** A read of a stream's socket begins, and brings the events that follow. */
  read(stream: number): void;
  /**
   * @param number of the event in its stream, or NaN; times are nanoseconds of the common clock
   */
  record(stream: number, number: number, sentNs: number, atNs: number): void;
  /** Restarts a stream: its next event does not follow the last one. */
  forget(stream: number): void;
  /** Findings from stamps since the last call. */
  takeRecent(): RecentStamps;
  /**
   * The measurement has ended, and all data that had arrived by then has been read. Later events
   * waited elsewhere.
   */
  caughtUp(): void;
}

export interface StampsOptions {
  streams: number;
  intervalMs: number | null;
  /** Whether stamps use our clock. */
  sameClock: boolean;
  /** The step between two stamps, which may be rounded up. */
  resolutionNs?(): number;
  /** Whether a moment is in the measurement; `middleNs` is the middle of the measurement. */
  measuring(atNs: number): boolean;
  middleNs: number;
}

export function createStamps({
  streams,
  intervalMs,
  sameClock,
  resolutionNs = () => 0,
  measuring,
  middleNs,
}: StampsOptions): Stamps {
  const counts = { sent: 0, stamped: 0, unread: 0, stampedAhead: 0 };
  const histograms = { delivery: createHistogram(), loopDelay: createHistogram() };
  const coalescing = createCoalescing(streams);
  const conservation = createConservation(streams, middleNs);
  let isCaughtUp = false;
  const loopDelay = intervalMs === null ? undefined : createLoopDelay(streams, intervalMs * 1e6);
  let recent = { loopDelayNs: null as number | null, deliveries: 0, deliveryNs: 0 };

  function recordMeasured(
    stream: number,
    sentNs: number,
    atNs: number,
    delayNs: number | undefined,
  ) {
    counts.stamped++;
    if (sentNs > atNs + clockToleranceNs + resolutionNs()) counts.stampedAhead++;
    histograms.delivery.recordNs(atNs - sentNs);
    if (delayNs !== undefined) histograms.loopDelay.recordNs(delayNs);
    conservation.record(stream, sentNs, atNs);
  }

  /** Counts an event stamped in the measurement, and whether it was read only after it. */
  function countLate(sentNs: number, isMeasured: boolean) {
    if (!measuring(sentNs)) return;
    counts.sent++;
    if (!isMeasured && !isCaughtUp) counts.unread++;
  }

  return {
    read: coalescing.read,
    caughtUp: () => void (isCaughtUp = true),
    findings: () => ({
      counts: { ...counts, ...conservation.findings().counts },
      histograms: { ...histograms, ...coalescing.findings().histograms },
    }),
    record(stream, number, sentNs, atNs) {
      if (!isOwnStamp(sameClock, sentNs, atNs)) return;
      const isMeasured = measuring(atNs);
      countLate(sentNs, isMeasured);
      coalescing.record(stream, sentNs, isMeasured);
      const delayNs = loopDelay?.(stream, number, sentNs);
      if (delayNs !== undefined) recent.loopDelayNs = Math.max(recent.loopDelayNs ?? 0, delayNs);
      recent.deliveries++;
      recent.deliveryNs += atNs - sentNs;
      if (isMeasured) recordMeasured(stream, sentNs, atNs, delayNs);
    },
    forget(stream) {
      conservation.forget(stream);
      loopDelay?.(stream, NaN, 0);
    },
    takeRecent() {
      const { loopDelayNs, deliveries, deliveryNs } = recent;
      recent = { loopDelayNs: null, deliveries: 0, deliveryNs: 0 };
      return { loopDelayNs, deliveryNs: deliveries > 0 ? deliveryNs / deliveries : null };
    },
  };
}
