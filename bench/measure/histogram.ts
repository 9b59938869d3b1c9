/** HDR histograms of durations: three significant digits, from 1 µs to an hour. */
import { build, decodeFromCompressedBase64, encodeIntoCompressedBase64, type Histogram, type JsHistogram } from 'hdr-histogram-js';

const longestUs = 3_600_000_000;

/** Collects durations, in a fixed amount of memory. */
export interface DurationHistogram {
  /** Adds one duration; negative ones count as 0, longer than an hour as an hour. */
  recordNs(durationNs: number): void;
  /** The whole histogram as text: the HDR format (V2, compressed, base64), in microseconds. */
  encode(): string;
}

/** What can be asked of saved durations. */
export interface Durations {
  readonly count: number;
  /**
   * @param quantile 0.5 for the median, 1 for the maximum
   * @returns milliseconds, or `undefined` where there is no sample; see also `samplesNeeded`
   */
  quantileMs(quantile: number): number | undefined;
  /** Every value that was recorded, as `quantileMs` would name it, and how often: the shortest first. */
  recorded(): { valueMs: number; count: number }[];
}

function emptyHistogram(): Histogram {
  return build({ lowestDiscernibleValue: 1, highestTrackableValue: longestUs, numberOfSignificantValueDigits: 3 });
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

/** Reads durations back from encoded histograms, merged into one; each generator sends its own. */
export function decodeDurations(encoded: readonly string[]): Durations {
  const merged = emptyHistogram();
  for (const text of encoded) merged.add(decodeFromCompressedBase64(text));
  return {
    count: merged.totalCount,
    quantileMs(quantile) {
      if (merged.totalCount === 0) return undefined;
      return merged.getValueAtPercentile(quantile * 100) / 1000;
    },
    recorded() {
      const values: { valueMs: number; count: number }[] = [];
      const { recordedValuesIterator } = merged as JsHistogram;
      recordedValuesIterator.reset();
      while (recordedValuesIterator.hasNext()) {
        const { valueIteratedTo, countAddedInThisIterationStep } = recordedValuesIterator.next();
        values.push({ valueMs: valueIteratedTo / 1000, count: countAddedInThisIterationStep });
      }
      return values;
    },
  };
}

/** Merges encoded histograms into one encoded histogram. */
export function mergeEncoded(encoded: readonly string[]): string {
  const merged = emptyHistogram();
  for (const text of encoded) merged.add(decodeFromCompressedBase64(text));
  return encodeIntoCompressedBase64(merged);
}

/** A quantile is only worth quoting where at least ten samples lie beyond it: p99 wants 1,000, p99.9 wants 10,000. */
export function samplesNeeded(quantile: number): number {
  return quantile === 1 ? 1 : Math.round(10 / (1 - quantile));
}
