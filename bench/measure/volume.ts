/** How much arrives: events, comments, bytes, and the reads that bring them. */
import type { Instrument } from './instrument.ts';

export interface Volume extends Instrument<
  'eventsInAll' | 'events' | 'eventsSquared' | 'comments' | 'bodyBytes' | 'reads'
> {
  /** @param newRead whether these bytes are the first of a read */
  body(bytes: number, newRead: boolean): void;
  /** @param isMeasured whether it arrived in the measurement */
  event(stream: number, isMeasured: boolean): void;
  comment(): void;
}

/** `body` counts what arrived in the measurement. */
export function createVolume(streams: number): Volume {
  const counts = {
    eventsInAll: 0,
    events: 0,
    eventsSquared: 0,
    comments: 0,
    bodyBytes: 0,
    reads: 0,
  };
  const eventsOf = new Float64Array(streams);
  return {
    findings: () => ({ counts }),
    body(bytes, newRead) {
      counts.bodyBytes += bytes;
      if (newRead) counts.reads++;
    },
    event(stream, isMeasured) {
      counts.eventsInAll++;
      if (!isMeasured) return;
      counts.events++;
      // (n + 1)² is 2 n + 1 more than n².
      counts.eventsSquared += 2 * eventsOf[stream]!++ + 1;
    },
    comment() {
      counts.comments++;
    },
  };
}
