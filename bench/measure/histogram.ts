/**
 * Records durations in HDR histograms: three significant digits, from 1 µs to 1 h. `durations.ts`
 * reads them.
 */
import {
  build,
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  type Histogram,
} from 'hdr-histogram-js';
import { shape } from './hdr-format.ts';

const longestUs = shape.highestTrackableValue;

/** Collects durations in a fixed amount of memory. */
export interface DurationHistogram {
  /** Adds one duration. A negative one counts as 0, one above 1 h as 1 h. */
  recordNs(durationNs: number): void;
  /** The whole histogram as text: HDR format (V2, compressed, base64), in microseconds. */
  encode(): string;
}

function emptyHistogram(): Histogram {
  return build({ ...shape });
}

export function createHistogram(): DurationHistogram {
  const histogram = emptyHistogram();
  return {
    recordNs(durationNs) {
      histogram.recordValue(Math.min(longestUs, Math.max(0, Math.round(durationNs / 1000))));
    },
    encode: () => encodeIntoCompressedBase64(histogram),
  };
}

/** Merges encoded histograms into one encoded histogram. */
export function mergeEncoded(encoded: readonly string[]): string {
  const merged = emptyHistogram();
  for (const text of encoded) merged.add(decodeFromCompressedBase64(text));
  return encodeIntoCompressedBase64(merged);
}
