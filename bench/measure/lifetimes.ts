/** How long streams live that end on the side of the server. */
import type { Instrument } from './instrument.ts';
import { createHistogram } from './histogram.ts';

export interface Lifetimes extends Instrument<never, 'lifetime'> {
  /** A stream has a response, for the first time or again. */
  headers(stream: number, atNs: number): void;
  /** The server, or something on the way, has ended or cut the stream. */
  over(stream: number, atNs: number): void;
  /** Its client has ended the stream, so the server did not. */
  forget(stream: number): void;
}

export function createLifetimes(streams: number): Lifetimes {
  const histograms = { lifetime: createHistogram() };
  /** When each open stream got its headers; 0 if it is not open. */
  const sinceNs = new Float64Array(streams);
  return {
    findings: () => ({ histograms }),
    headers: (stream, atNs) => void (sinceNs[stream] = atNs),
    over(stream, atNs) {
      if (sinceNs[stream]! > 0) histograms.lifetime.recordNs(atNs - sinceNs[stream]!);
      sinceNs[stream] = 0;
    },
    forget: (stream) => void (sinceNs[stream] = 0),
  };
}
