/** The rhythm of a stream's events: the gaps between them, and their lag behind schedule. */
import type { Instrument } from './instrument.ts';
import { createHistogram } from './histogram.ts';
import { createScheduleLag } from './schedule.ts';

export interface Cadence extends Instrument<'gaps' | 'gapsSumNs', 'eventGap' | 'scheduleLag'> {
  /** Takes one event, in the order of arrival. @param number its place in the stream */
  record(stream: number, number: number, atNs: number, isMeasured: boolean): void;
  /** Restarts the schedule of a stream. The time up to its next event does not count as a gap. */
  forget(stream: number): void;
}

/**
 * @param intervalMs the server's interval; without one there is no schedule
 * @param warmUpAtNs when the schedule begins
 */
export function createCadence(
  streams: number,
  intervalMs: number | null,
  warmUpAtNs: number,
): Cadence {
  const counts = { gaps: 0, gapsSumNs: 0 };
  const histograms = { eventGap: createHistogram(), scheduleLag: createHistogram() };
  /** When the last event of each stream arrived; 0 if there is none. */
  const lastNs = new Float64Array(streams);
  const schedule =
    intervalMs === null ? undefined : createScheduleLag(streams, intervalMs * 1e6, warmUpAtNs);
  return {
    findings: () => ({ counts, histograms }),
    record(stream, number, atNs, isMeasured) {
      const beforeNs = lastNs[stream]!;
      lastNs[stream] = atNs;
      const lagNs = schedule?.record(stream, number, atNs);
      if (!isMeasured) return;
      if (lagNs !== undefined) histograms.scheduleLag.recordNs(lagNs);
      if (beforeNs === 0) return;
      histograms.eventGap.recordNs(atNs - beforeNs);
      counts.gaps++;
      counts.gapsSumNs += atNs - beforeNs;
    },
    forget(stream) {
      lastNs[stream] = 0;
      schedule?.forget(stream);
    },
  };
}
