/** How streams begin: from the moment at which each should have started, and from that at which it did. */
import type { DurationHistogram } from './histogram.ts';

type Histograms = Readonly<
  Record<
    | 'arrivalLag'
    | 'timeToHeaders'
    | 'timeToHeadersUncorrected'
    | 'timeToFirstByte'
    | 'timeToFirstEvent'
    | 'timeToFirstEventUncorrected',
    DurationHistogram
  >
>;

/** Takes what happens to a stream, by its index, for the first time; of bodies the first counts. */
export interface Beginnings {
  started(stream: number, atNs: number): void;
  headers(stream: number, atNs: number): void;
  body(stream: number, atNs: number): void;
  event(stream: number, atNs: number): void;
}

/** @param intendedNs when each stream should start, on the common clock */
export function createBeginnings(intendedNs: Float64Array, histograms: Histograms): Beginnings {
  const startedNs = new Float64Array(intendedNs.length);
  const hasBody = new Uint8Array(intendedNs.length);
  return {
    started(stream, atNs) {
      startedNs[stream] = atNs;
      histograms.arrivalLag.recordNs(atNs - intendedNs[stream]!);
    },
    headers(stream, atNs) {
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
  };
}
