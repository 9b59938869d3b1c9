/** What a metric is in several rounds of a server together. Pure. */
import { hasTooFewSamples, sum, type Metric, type Readings } from './metric.ts';

/** A metric's rounds, any of which can be taken together, one of them also more than once. */
export interface OverRounds<Round = unknown> {
  rounds: readonly Round[];
  /**
   * Quantiles are those of all samples of the rounds that are drawn, merged; of other figures it is the mean, or the mean of
   * the lower half where whatever disturbs a round adds to it.
   */
  together(drawn: readonly Round[]): number;
}

/** @returns nothing where it cannot be had in each of the rounds, or has too few samples in all of them */
export function overRounds(metric: Metric, measured: readonly Readings[]): OverRounds | undefined {
  const figures = measured.map(metric.of);
  if (figures.length === 0 || figures.includes(undefined) || hasTooFewSamples(metric, measured)) return undefined;
  if (metric.quantile) return quantileOverRounds(metric.quantile, measured) as OverRounds;
  const ofFigures: OverRounds<number> = { rounds: figures as number[], together: metric.disturbedUpwards ? meanOfLowerHalf : mean };
  return ofFigures as OverRounds;
}

const mean = (values: readonly number[]) => sum(values) / values.length;
const meanOfLowerHalf = (values: readonly number[]) => mean(values.toSorted((a, b) => a - b).slice(0, Math.ceil(values.length / 2)));

/**
 * Of each round, how many samples are at most as long as each value that any of them has: so that merging rounds is
 * adding, and a quantile is found by halving. Thousands of draws take no longer than of plain numbers.
 */
function quantileOverRounds({ histogram, share }: NonNullable<Metric['quantile']>, measured: readonly Readings[]): OverRounds<Float64Array> {
  const recorded = measured.map(({ durations }) => durations[histogram].recorded());
  const valuesMs = Float64Array.from(new Set(recorded.flat().map(({ valueMs }) => valueMs))).toSorted();
  const rounds = recorded.map((values) => {
    const counts = new Map(values.map(({ valueMs, count }) => [valueMs, count]));
    let upTo = 0;
    return valuesMs.map((valueMs) => (upTo += counts.get(valueMs) ?? 0));
  });
  const last = valuesMs.length - 1;
  return {
    rounds,
    together(drawn) {
      const upTo = (index: number) => drawn.reduce((total, round) => total + round[index]!, 0);
      // A billionth less: 0.99 of 1,000 is 990, and not 990.0000000001, the 991st.
      const needed = Math.max(1, Math.ceil(share * upTo(last) * (1 - 1e-9)));
      let [low, high] = [0, last];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (upTo(middle) < needed) low = middle + 1;
        else high = middle;
      }
      return valuesMs[low]!;
    },
  };
}
