/** The value of a metric over several rounds of a server. Pure. */
import type { HistogramName } from '../result/histogram-names.ts';
import { valueAtUs } from '../measure/hdr-format.ts';
import { rankOf, type Durations } from '../measure/durations.ts';
import { hasTooFewSamples, sum, type Metric, type Readings } from './metric.ts';

/** The rounds of a metric. Any selection can be combined, and a round may occur more than once. */
export interface OverRounds<Round = unknown> {
  rounds: readonly Round[];
  /**
   * A quantile is that of all samples of the drawn rounds, merged. Other figures are the mean, or
   * the mean of the lower half if interference can only increase the metric.
   */
  together(drawn: readonly Round[]): number;
}

/**
 * @returns `undefined` if a round has no such figure, or all rounds together have too few samples
 */
export function overRounds(metric: Metric, measured: readonly Readings[]): OverRounds | undefined {
  const figures = measured.map(metric.of);
  const samplesIn = (histogram: HistogramName) =>
    sum(measured.map(({ durations }) => durations[histogram].count));
  if (figures.length === 0 || figures.includes(undefined) || hasTooFewSamples(metric, samplesIn))
    return undefined;
  const { quantile } = metric;
  if (quantile)
    return quantileOverRounds(
      measured.map(({ durations }) => durations[quantile.histogram]),
      quantile.share,
    ) as OverRounds;
  const ofFigures: OverRounds<number> = {
    rounds: figures as number[],
    together: metric.disturbedUpwards ? meanOfLowerHalf : mean,
  };
  return ofFigures as OverRounds;
}

const mean = (values: Float64Array | readonly number[]) => {
  let total = 0;
  for (const value of values) total += value;
  return total / values.length;
};

/**
 * Buffer to sort draws of few rounds. A comparison has thousands of draws, and sorting a typed
 * array takes longer to start.
 */
const sortedFew = new Float64Array(64);

function meanOfLowerHalf(values: readonly number[]): number {
  const half = Math.ceil(values.length / 2);
  if (values.length > sortedFew.length)
    return mean(new Float64Array(values).toSorted().subarray(0, half));
  // Without iterators and views: each draw would create several objects.
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    let place = at;
    for (; place > 0 && sortedFew[place - 1]! > value; place--)
      sortedFew[place] = sortedFew[place - 1]!;
    sortedFew[place] = value;
  }
  let total = 0;
  for (let at = 0; at < half; at++) total += sortedFew[at]!;
  return total / half;
}

/** More blocks would be shorter, but each block needs a total for each round. */
const blocks = 128;

/**
 * The quantile of any rounds merged: the lowest value that enough of their samples do not exceed.
 * It lies between the lowest and the highest quantile of the single rounds. So the samples between
 * these are stored in ascending order and in blocks, with the number of samples of each round
 * before each block. A binary search finds the block of a draw, and counting finds the value within
 * it. That needs no more memory than the samples, and thousands of draws take no longer than with
 * plain numbers.
 */
function quantileOverRounds(all: readonly Durations[], share: number): OverRounds<number> {
  const own = all.map((durations) => durations.quantileAt(share)!);
  const [least, greatest] = own.reduce(
    ([low, high], at) => [Math.min(low, at), Math.max(high, at)],
    [Infinity, 0],
  );
  const { places, round, count, before } = inOrder(all, least, greatest);
  const length = Math.ceil(places.length / blocks);
  const upTo = [before];
  for (let end = length; end < places.length; end += length) {
    const next = upTo.at(-1)!.slice();
    for (let entry = end - length; entry < end; entry++) next[round[entry]!]! += count[entry]!;
    upTo.push(next);
  }
  const weights = new Uint32Array(all.length);

  const totals = Float64Array.from(all, ({ count: samples }) => samples);
  const ofDrawn = (each: Float64Array, drawn: readonly number[]) => {
    let total = 0;
    for (const one of drawn) total += each[one]!;
    return total;
  };

  function merged(drawn: readonly number[]): number {
    const needed = rankOf(share, ofDrawn(totals, drawn));
    let [low, high, found] = [0, upTo.length - 1, ofDrawn(before, drawn)];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      const total = ofDrawn(upTo[middle]!, drawn);
      if (total < needed) [low, found] = [middle, total];
      else high = middle - 1;
    }
    for (const one of drawn) weights[one]!++;
    let entry = low * length - 1;
    while (found < needed) found += weights[round[++entry]!]! * count[entry]!;
    for (const one of drawn) weights[one] = 0;
    return places[entry]!;
  }
  return {
    rounds: [...all.keys()],
    together: (drawn) => valueAtUs(drawn.length === 1 ? own[drawn[0]!]! : merged(drawn)) / 1000,
  };
}

/**
 * The values between two places, in ascending order, each with its round and count; and each
 * round's number of samples before them.
 */
function inOrder(all: readonly Durations[], least: number, greatest: number) {
  const starts = new Uint32Array(greatest - least + 2);
  const before = new Float64Array(all.length);
  const within = (place: number) => place >= least && place <= greatest;
  for (const [each, durations] of all.entries()) {
    durations.forEach((place, times) => {
      if (place < least) before[each]! += times;
      else if (within(place)) starts[place - least + 1]!++;
    });
  }
  for (let place = 1; place < starts.length; place++) starts[place]! += starts[place - 1]!;
  const size = starts.at(-1)!;
  const [places, round, count] = [
    new Uint16Array(size),
    new Uint32Array(size),
    new Float64Array(size),
  ];
  for (const [each, durations] of all.entries()) {
    durations.forEach((place, times) => {
      if (!within(place)) return;
      const entry = starts[place - least]!++;
      [places[entry], round[entry], count[entry]] = [place, each, times];
    });
  }
  return { places, round, count, before };
}
