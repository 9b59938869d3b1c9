/** How often comparisons are right: rounds that were recorded are drawn as if they were runs of their own. Pure. */
import type { Metric, Readings } from '../metrics/metric.ts';
import { overRounds, type OverRounds } from '../metrics/over-rounds.ts';
import { shuffled } from '../statistics/random.ts';
import { compareMetric, type Verdict } from './metric-comparison.ts';

export interface CalibrationOptions {
  /** How many comparisons to make. */
  comparisons: number;
  /** Rounds on either side of each. */
  rounds: number;
  random: () => number;
}

export interface Calibration {
  /** A metric's name → how many of the comparisons said what of it. */
  metrics: Record<string, Record<Verdict, number>>;
  /** Comparisons in which any of the metrics came out better or worse. */
  different: number;
}

/**
 * @param before rounds of one server, and `after` of another; the same twice stand for a server compared with itself, and
 *   are shared out between the sides, so that no round meets itself
 * @param metrics such as all of the rounds have
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
