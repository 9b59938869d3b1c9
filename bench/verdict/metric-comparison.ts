/** Whether one metric is better or worse on one of two sides. Rounds are the sample, and not requests. Pure. */
import type { Metric } from '../metrics/metric.ts';
import type { OverRounds } from '../metrics/over-rounds.ts';
import { spreadOf, type Spread } from '../metrics/summary.ts';
import { randomFrom } from '../statistics/random.ts';
import { bootstrapInterval, type Interval } from '../statistics/bootstrap.ts';
import { studentQuantile } from '../statistics/student.ts';

export type Verdict = 'better' | 'worse' | 'same' | 'inconclusive';

/** From fewer valid rounds on either side there is no verdict: they scatter by more than they show. */
export const leastRounds = 6;

/** More rounds than these are not worth advising: the difference is about as large as the margin. */
const mostRounds = 1_000;

export interface MetricComparison {
  /** Its name. */
  metric: string;
  baseline: ComparedFigure;
  candidate: ComparedFigure;
  /** The candidate's by the baseline's, of all rounds together; `null` where that is 0, or there are too few rounds. */
  ratio: number | null;
  /** Of the ratio, 95 %; `null` where there is none. */
  interval: Interval | null;
  /** Only of primary metrics. */
  verdict: Verdict | null;
  /** Where it is inconclusive: about how many more rounds of either server would do; `null` where not even a thousand. */
  moreRounds: number | null;
}

/** The median of the rounds, their range, and what the metric is in all of them together. */
export interface ComparedFigure extends Spread {
  together: number;
}

/** With the same seed each time: the same rounds always get the same verdict. */
export function compareMetric(
  { name, primary }: Pick<Metric, 'name' | 'primary'>,
  before: OverRounds,
  after: OverRounds,
): MetricComparison {
  const [baseline, candidate] = [before, after].map(figureOf) as [ComparedFigure, ComparedFigure];
  const rounds = Math.min(before.rounds.length, after.rounds.length);
  const ratio =
    baseline.together === 0 || rounds < leastRounds ? null : candidate.together / baseline.together;
  const interval = ratio === null ? null : intervalOfRatio(before, after);
  const judged =
    primary && interval && Math.min(baseline.together, candidate.together) > 0
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

function intervalOfRatio(before: OverRounds, after: OverRounds): Interval | null {
  const ratioOf = (a: readonly unknown[], b: readonly unknown[]) => {
    const by = before.together(a);
    return by > 0 ? after.together(b) / by : NaN; // around nothing there is no ratio
  };
  const interval = bootstrapInterval<[readonly unknown[], readonly unknown[]]>(
    [before.rounds, after.rounds],
    ratioOf,
    { random: randomFrom(1) },
  );
  return Number.isFinite(interval.low) && Number.isFinite(interval.high) ? interval : null;
}

interface Judged {
  ratio: number;
  interval: Interval;
  /** A change up to this share does not matter; downwards by the same factor, so that the verdict turns with the sides. */
  margin: number;
}

/** More of a primary metric is worse. */
export function verdictOf({ interval: { low, high }, margin }: Omit<Judged, 'ratio'>): Verdict {
  const most = 1 + margin;
  if (low > most) return 'worse';
  if (high < 1 / most) return 'better';
  return low >= 1 / most && high <= most ? 'same' : 'inconclusive';
}

/** Until the interval no longer reaches the nearer end of the margin, if the ratio stays as it is. */
export function moreRounds({ ratio, interval, margin }: Judged, rounds: number): number | null {
  const half = Math.log(Math.max(interval.high / ratio, ratio / interval.low));
  const room = Math.abs(Math.abs(Math.log(ratio)) - Math.log(1 + margin));
  for (let more = 1; more <= mostRounds; more++)
    if (half * narrowing(rounds, rounds + more) <= room) return more;
  return null;
}

/** How wide an interval of more rounds is, as a share: with the root of the rounds, and with Student's quantile. */
export function narrowing(from: number, to: number): number {
  const width = (rounds: number) => studentQuantile(0.975, rounds - 1) / Math.sqrt(rounds);
  return width(to) / width(from);
}
