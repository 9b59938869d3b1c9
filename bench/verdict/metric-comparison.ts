/**
 * Decides whether one metric is better or worse on one of two sides. The sample is rounds, not
 * requests. Pure.
 */
import type { Metric } from '../metrics/metric.ts';
import type { OverRounds } from '../metrics/over-rounds.ts';
import { spreadOf, type Spread } from '../metrics/summary.ts';
import { randomFrom } from '../statistics/random.ts';
import { bootstrapInterval, type Interval } from '../statistics/bootstrap.ts';
import { studentQuantile } from '../statistics/student.ts';

export type Verdict = 'better' | 'worse' | 'same' | 'inconclusive';

/**
 * With fewer valid rounds on either side there is no verdict, because their variation is larger
 * than the effect they can show.
 */
export const leastRounds = 6;

/**
 * We do not suggest more additional rounds than this: the difference is then about as large as the
 * margin.
 */
const mostRounds = 1_000;

export interface MetricComparison {
  /** The name of the metric. */
  metric: string;
  baseline: ComparedFigure;
  candidate: ComparedFigure;
  /**
   * Candidate divided by baseline, over all rounds together; `null` if the baseline is 0 or there
   * are too few rounds. For a judged metric, values below its floor count as the floor.
   */
  ratio: number | null;
  /** The 95 % interval of the ratio; `null` if there is none. */
  interval: Interval | null;
  /** Only metrics that are judged in this comparison have a verdict. */
  verdict: Verdict | null;
  /**
   * For an inconclusive verdict: about how many more rounds of each server would decide it; `null`
   * if 1,000 would not.
   */
  moreRounds: number | null;
}

/** Median and range of the rounds, and the value of all rounds together. */
export interface ComparedFigure extends Spread {
  together: number;
}

/** Uses a fixed seed, so that the same rounds always give the same verdict. */
export function compareMetric(
  { name, primary }: Pick<Metric, 'name' | 'primary'>,
  before: OverRounds,
  after: OverRounds,
): MetricComparison {
  const [baseline, candidate] = [before, after].map(figureOf) as [ComparedFigure, ComparedFigure];
  const rounds = Math.min(before.rounds.length, after.rounds.length);
  const floored = (value: number) => Math.max(primary?.floor ?? -Infinity, value);
  const [one, other] = [baseline, candidate].map(({ together }) => floored(together)) as [
    number,
    number,
  ];
  const ratio = one === 0 || rounds < leastRounds ? null : other / one;
  const isFixed = [baseline, candidate].every(({ min, max }) => min === max);
  const interval = ratio === null ? null : intervalOfRatio(before, after, floored, isFixed);
  const judged =
    primary && interval && Math.min(one, other) > 0
      ? { ratio: ratio!, interval, margin: primary.margin }
      : null;
  const verdict = judged && verdictOf(judged);
  return {
    metric: name,
    baseline,
    candidate,
    ratio,
    interval,
    verdict,
    moreRounds: verdict === 'inconclusive' ? moreRounds(judged!, rounds) : null,
  };
}

const figureOf = ({ rounds, together }: OverRounds): ComparedFigure => ({
  ...spreadOf(rounds.map((round) => together([round])))!,
  together: together(rounds),
});

/** @param isFixed whether the rounds of each side are equal, and thus all their resamples too */
function intervalOfRatio(
  before: OverRounds,
  after: OverRounds,
  floored: (value: number) => number,
  isFixed: boolean,
): Interval | null {
  const ratioOf = (a: readonly unknown[], b: readonly unknown[]) => {
    const by = floored(before.together(a));
    return by > 0 ? floored(after.together(b)) / by : NaN; // a baseline of 0 has no ratio
  };
  const groups: [readonly unknown[], readonly unknown[]] = [before.rounds, after.rounds];
  const resamples = isFixed ? 1 : undefined;
  const interval = bootstrapInterval(groups, ratioOf, { random: randomFrom(1), resamples });
  return Number.isFinite(interval.low) && Number.isFinite(interval.high) ? interval : null;
}

interface Judged {
  ratio: number;
  interval: Interval;
  /**
   * Largest change that is ignored. Decreases are divided by the same factor, so that swapping the
   * sides inverts the verdict.
   */
  margin: number;
}

/** For primary metrics, a larger value is worse. */
export function verdictOf({ interval: { low, high }, margin }: Omit<Judged, 'ratio'>): Verdict {
  const most = 1 + margin;
  if (low > most) return 'worse';
  if (high < 1 / most) return 'better';
  return low >= 1 / most && high <= most ? 'same' : 'inconclusive';
}

/**
 * @returns how many more rounds make the interval narrow enough not to reach the nearer end of the
 * margin, if the ratio stays the same
 */
export function moreRounds({ ratio, interval, margin }: Judged, rounds: number): number | null {
  const half = Math.log(Math.max(interval.high / ratio, ratio / interval.low));
  const room = Math.abs(Math.abs(Math.log(ratio)) - Math.log(1 + margin));
  for (let more = 1; more <= mostRounds; more++)
    if (half * narrowing(rounds, rounds + more) <= room) return more;
  return null;
}

/**
 * The width of an interval with more rounds, as a share of the present width. It shrinks with the
 * square root of the rounds and with Student's quantile.
 */
export function narrowing(from: number, to: number): number {
  const width = (rounds: number) => studentQuantile(0.975, rounds - 1) / Math.sqrt(rounds);
  return width(to) / width(from);
}
