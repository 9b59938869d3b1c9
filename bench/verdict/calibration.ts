/**
 * Measures how often comparisons are right, by drawing recorded rounds as if they were separate
 * runs. Pure.
 */
import type { Metric, Readings } from '../metrics/metric.ts';
import { overRounds, type OverRounds } from '../metrics/over-rounds.ts';
import { shuffled } from '../statistics/random.ts';
import { compareMetric, type Verdict } from './metric-comparison.ts';

export interface CalibrationOptions {
  /** How many comparisons to make. */
  comparisons: number;
  /** Rounds on each side of a comparison. */
  rounds: number;
  random: () => number;
}

export interface Calibration {
  /** Metric name → verdict → number of comparisons with that verdict. */
  metrics: Record<string, Record<Verdict, number>>;
  /** Comparisons in which at least one metric was better or worse. */
  different: number;
}

/**
 * @param before rounds of one server
 * @param after rounds of another server. If it is the same array, the server is compared with
 * itself: the rounds are divided between the sides, so that no round is compared with itself.
 * @param metrics must be present in all rounds
 */
export function calibrate(
  metrics: readonly Metric[],
  before: readonly Readings[],
  after: readonly Readings[],
  options: CalibrationOptions,
): Calibration {
  const { comparisons, rounds, random } = options;
  const counts = Object.fromEntries(
    metrics.map(({ name }) => [name, { better: 0, worse: 0, same: 0, inconclusive: 0 }]),
  );
  const sides = metrics.map((metric) => ({
    metric,
    left: overRounds(metric, before)!,
    right: overRounds(metric, after)!,
  }));
  let different = 0;
  for (let comparison = 0; comparison < comparisons; comparison++) {
    const some = shuffled([...before.keys()], random);
    const others = before === after ? some.slice(rounds) : shuffled([...after.keys()], random);
    const verdicts = sides.map(
      ({ metric, left, right }) =>
        compareMetric(
          metric,
          pick(left, some.slice(0, rounds)),
          pick(right, others.slice(0, rounds)),
        ).verdict!,
    );
    for (const [index, verdict] of verdicts.entries()) counts[metrics[index]!.name]![verdict]++;
    if (verdicts.includes('better') || verdicts.includes('worse')) different++;
  }
  return { metrics: counts, different };
}

function pick({ rounds, together }: OverRounds, places: readonly number[]): OverRounds {
  return { rounds: places.map((place) => rounds[place]!), together };
}
