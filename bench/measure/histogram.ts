/** HDR histograms of durations: three significant digits, from 1 µs to an hour. */
import {
  build,
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  type Histogram,
} from 'hdr-histogram-js';
import { countsLength, readCounts, shape, valueAtUs } from './hdr-format.ts';

const longestUs = shape.highestTrackableValue;

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
  /** How many different ones were recorded. */
  readonly different: number;
  /**
   * @param quantile 0.5 for the median, 1 for the maximum, 0 for the minimum
   * @returns milliseconds, or `undefined` where there is no sample; see also `samplesNeeded`
   */
  quantileMs(quantile: number): number | undefined;
  /** The same as a place in the order of all values that there can be: `valueAtUs` has what stands there. */
  quantileAt(quantile: number): number | undefined;
  /** Calls back for every value that was recorded, by its place, with how often it was: the shortest first. */
  forEach(onValue: (place: number, count: number) => void): void;
  /** Every value that was recorded, as `quantileMs` would name it, and how often: the shortest first. */
  recorded(): { valueMs: number; count: number }[];
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

/**
 * Reads durations back from encoded histograms, merged into one; each generator sends its own. They take memory for the
 * values that were recorded only.
 *
 * @throws where one of them cannot be read
 */
export function decodeDurations(encoded: readonly string[]): Durations {
  let found = 0;
  const merged = encoded.length > 1 ? new Float64Array(countsLength) : undefined;
  const add = (place: number, count: number) => {
    scratch.places[found] = place;
    scratch.counts[found++] = count;
  };
  for (const text of encoded)
    readCounts(text, merged ? (place, count) => (merged[place]! += count) : add);
  merged?.forEach((count, place) => count > 0 && add(place, count));
  return durationsOf(scratch.places.slice(0, found), scratch.counts.slice(0, found));
}

/** Of one histogram, while it is decoded. */
const scratch = { places: new Uint16Array(countsLength), counts: new Float64Array(countsLength) };

/** @param places of what was recorded, in ascending order */
function durationsOf(places: Uint16Array, counts: Float64Array): Durations {
  const upTo = counts; // from here on, each with all before it
  for (let entry = 1; entry < upTo.length; entry++) upTo[entry]! += upTo[entry - 1]!;
  const count = upTo.at(-1) ?? 0;
  if (!Number.isSafeInteger(count)) throw new Error('the histogram has too large a total');
  const quantileAt = (quantile: number) =>
    count === 0 ? undefined : places[firstAtLeast(upTo, rankOf(quantile, count))];
  const countAt = (entry: number) => upTo[entry]! - (upTo[entry - 1] ?? 0);
  return {
    count,
    different: places.length,
    quantileMs(quantile) {
      const place = quantileAt(quantile);
      if (place === undefined) return undefined;
      return (quantile === 0 ? valueAtUs(place - 1) + 1 : valueAtUs(place)) / 1000;
    },
    quantileAt,
    forEach(onValue) {
      for (let entry = 0; entry < places.length; entry++) onValue(places[entry]!, countAt(entry));
    },
    recorded: () =>
      Array.from(places, (place, entry) => ({
        valueMs: valueAtUs(place) / 1000,
        count: countAt(entry),
      })),
  };
}

/** Which of so many samples, in ascending order and from 1, is the quantile. */
export function rankOf(quantile: number, count: number): number {
  // A billionth less: 0.99 of 1,000 is 990, and not 990.0000000001, the 991st.
  return Math.max(1, Math.ceil(quantile * count * (1 - 1e-9)));
}

/** The place of the first that is at least as large; the last one, where none is. */
function firstAtLeast(ascending: Float64Array, wanted: number): number {
  let [low, high] = [0, ascending.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
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
