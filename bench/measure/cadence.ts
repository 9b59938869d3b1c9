/** The rhythm of a stream's events: the gaps between them, and their lag behind schedule. */
import type { Instrument } from './instrument.ts';
import { createHistogram } from './histogram.ts';
import { createScheduleLag } from './schedule.ts';

export interface Cadence extends Instrument<
  'gaps' | 'gapsSumNs',
  'eventGap' | 'scheduleLag' | 'silence'
> {
  /**
   * Takes one event, in the order of arrival.
   *
   * @param number its place in the stream; NaN for an event outside the schedule
   */
  record(stream: number, number: number, atNs: number, isMeasured: boolean): void;
  /** Restarts the schedule of a stream. The time up to its next event does not count as a gap. */
  forget(stream: number): void;
  /** The stream is over. Its silence ends here. */
  over(stream: number, atNs: number): void;
}

export interface CadenceOptions {
  streams: number;
  /** The server's interval; without one there is no schedule. */
  intervalMs: number | null;
  /** When the schedule begins, and when the measurement begins and ends. */
  warmUpAtNs: number;
  measureAtNs: number;
  endNs(): number;
}

export function createCadence({
  streams,
  intervalMs,
  warmUpAtNs,
  measureAtNs,
  endNs,
}: CadenceOptions): Cadence {
  const counts = { gaps: 0, gapsSumNs: 0 };
  const histograms = {
    eventGap: createHistogram(),
    scheduleLag: createHistogram(),
    /** The silence at the end of each stream, and the longest gap of all. */
    silence: createHistogram(),
  };
  let longestGapNs = 0;
  /** When the last event of each stream arrived; 0 if there is none. */
  const lastNs = new Float64Array(streams);
  const schedule =
    intervalMs === null ? undefined : createScheduleLag(streams, intervalMs * 1e6, warmUpAtNs);

  function over(stream: number, atNs: number) {
    const untilNs = Math.min(atNs, endNs());
    if (lastNs[stream] !== 0 && untilNs >= measureAtNs)
      histograms.silence.recordNs(untilNs - lastNs[stream]!);
    lastNs[stream] = 0;
  }

  return {
    over,
    findings() {
      for (let stream = 0; stream < streams; stream++) over(stream, Infinity);
      if (counts.gaps > 0) histograms.silence.recordNs(longestGapNs);
      return { counts, histograms };
    },
    record(stream, number, atNs, isMeasured) {
      const beforeNs = lastNs[stream]!;
      lastNs[stream] = atNs;
      const lagNs = schedule?.record(stream, number, atNs);
      if (!isMeasured) return;
      if (lagNs !== undefined) histograms.scheduleLag.recordNs(lagNs);
      if (beforeNs === 0) return;
      const gapNs = atNs - beforeNs;
      if (gapNs > longestGapNs) longestGapNs = gapNs;
      histograms.eventGap.recordNs(gapNs);
      counts.gaps++;
      counts.gapsSumNs += gapNs;
    },
    forget(stream) {
      lastNs[stream] = 0;
      schedule?.forget(stream);
    },
  };
}
