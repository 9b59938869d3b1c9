/** How streams begin, timed from the intended start and from the actual start. */
import { createHistogram } from './histogram.ts';
import type { Instrument } from './instrument.ts';

/**
 * Takes the first occurrence of each step of a stream, by its index; later parts of a body do not
 * count.
 */
export interface Beginnings extends Instrument<
  'started' | 'opened' | 'slowOpened',
  | 'arrivalLag'
  | 'timeToHeaders'
  | 'timeToHeadersUncorrected'
  | 'timeToFirstByte'
  | 'timeToFirstEvent'
  | 'timeToFirstEventUncorrected'
> {
  started(stream: number, atNs: number): void;
  headers(stream: number, atNs: number): void;
  body(stream: number, atNs: number): void;
  event(stream: number, atNs: number): void;
  /** A slow reader, which is not timed, has a response. */
  slowOpened(): void;
}

/** @param intendedNs when each stream should start, on the common clock */
export function createBeginnings(intendedNs: Float64Array): Beginnings {
  const startedNs = new Float64Array(intendedNs.length);
  const hasBody = new Uint8Array(intendedNs.length);
  const counts = { started: 0, opened: 0, slowOpened: 0 };
  const histograms = {
    arrivalLag: createHistogram(),
    timeToHeaders: createHistogram(),
    timeToHeadersUncorrected: createHistogram(),
    timeToFirstByte: createHistogram(),
    timeToFirstEvent: createHistogram(),
    timeToFirstEventUncorrected: createHistogram(),
  };
  return {
    findings: () => ({ counts, histograms }),
    started(stream, atNs) {
      counts.started++;
      startedNs[stream] = atNs;
      histograms.arrivalLag.recordNs(atNs - intendedNs[stream]!);
    },
    headers(stream, atNs) {
      counts.opened++;
      histograms.timeToHeaders.recordNs(atNs - intendedNs[stream]!);
      histograms.timeToHeadersUncorrected.recordNs(atNs - startedNs[stream]!);
    },
    body(stream, atNs) {
      if (hasBody[stream] === 1) return;
      hasBody[stream] = 1;
      histograms.timeToFirstByte.recordNs(atNs - intendedNs[stream]!);
    },
    event(stream, atNs) {
      histograms.timeToFirstEvent.recordNs(atNs - intendedNs[stream]!);
      histograms.timeToFirstEventUncorrected.recordNs(atNs - startedNs[stream]!);
    },
    slowOpened() {
      counts.slowOpened++;
    },
  };
}
