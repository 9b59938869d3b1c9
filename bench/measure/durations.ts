/**
 * Reads and merges recorded histograms of durations. It does not need the library that records
 * them, so a command that only reads results starts quickly.
 */
import { countsLength, readCounts, valueAtUs } from './hdr-format.ts';

/** Durations read from a saved histogram. */
export interface Durations {
  readonly count: number;
  /** The number of distinct values. */
  readonly different: number;
  /**
   * @param quantile 0.5 for the median, 1 for the maximum, 0 for the minimum
   * @returns milliseconds, or `undefined` without samples; see also `samplesNeeded`
   */
  quantileMs(quantile: number): number | undefined;
  /**
   * The same as a place in the order of all possible values; `valueAtUs` returns the value there.
   */
  quantileAt(quantile: number): number | undefined;
  /** Calls back for every recorded place with its count, in ascending order. */
  forEach(onValue: (place: number, count: number) => void): void;
  /** Every recorded value, as `quantileMs` returns it, with its count, in ascending order. */
  recorded(): { valueMs: number; count: number }[];
}

/**
 * Decodes histograms and merges them into one; each generator sends its own. Uses memory only for
 * recorded values.
 *
 * @throws if one of them cannot be read
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

/** Buffers shared by all calls, since only one histogram is decoded at a time. */
const scratch = { places: new Uint16Array(countsLength), counts: new Float64Array(countsLength) };

/** @param places of the recorded values, in ascending order */
function durationsOf(places: Uint16Array, counts: Float64Array): Durations {
  const upTo = counts; // cumulative from here on
  for (let entry = 1; entry < upTo.length; entry++) upTo[entry]! += upTo[entry - 1]!;
  const count = upTo.at(-1) ?? 0;
  if (!Number.isSafeInteger(count)) throw new Error('the histogram has too many samples');
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

/** The rank of a quantile among `count` samples, in ascending order and from 1. */
export function rankOf(quantile: number, count: number): number {
  // One billionth less, so that rounding does not turn rank 990 (0.99 of 1,000) into 991.
  return Math.max(1, Math.ceil(quantile * count * (1 - 1e-9)));
}

/** The place of the first value that is at least `wanted`; the last place if there is none. */
function firstAtLeast(ascending: Float64Array, wanted: number): number {
  let [low, high] = [0, ascending.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The number of samples that a quantile needs, so that at least ten lie beyond it: p99 needs 1,000,
 * p99.9 needs 10,000.
 */
export function samplesNeeded(quantile: number): number {
  return quantile === 1 ? 1 : Math.round(10 / (1 - quantile));
}
