/** Whether one server is better or worse than another. Rounds are the sample, and not requests. Pure. */
import type { Metric, Readings } from '../measure/metric.ts';
import { readingsOf } from '../measure/metric.ts';
import { metrics, primaryMetrics } from '../measure/metrics.ts';
import { overRounds, type OverRounds } from '../measure/over-rounds.ts';
import { spreadOf, type Spread } from '../measure/summary.ts';
import type { RunResult } from '../result.ts';
import { randomFrom } from '../scenario/random.ts';
import { bootstrapInterval, type Interval } from './bootstrap.ts';
import { pairsOf } from './comparable.ts';
import { studentQuantile } from './student.ts';

export type Verdict = 'better' | 'worse' | 'same' | 'inconclusive';

/** From fewer valid rounds on either side there is no verdict: they scatter by more than they show. */
export const leastRounds = 6;

/** More rounds than these are not worth advising: the difference is about as large as the margin. */
const mostRounds = 1_000;

export interface Side {
  server: string;
  /** Rounds that the figures are taken from. */
  rounds: number;
  /** Rounds that cannot be believed, or came to nothing: left out. */
  invalidRounds: number;
  failedRounds: number;
}

export interface ServerComparison {
  baseline: Side;
  candidate: Side;
  /** Of those that both have. */
  metrics: MetricComparison[];
  /** Primary metrics that the baseline has and the candidate has not, though it has rounds: such as release times where nothing is released. */
  lost: string[];
}

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

/** Two results, and how they compare. */
export interface ResultsComparison {
  /** How either is called. */
  baseline: string;
  candidate: string;
  /** In what they were not measured alike; empty unless a person wants them compared anyway. */
  differences: string[];
  servers: ServerComparison[];
  /** Servers that only one of the two has. */
  unpaired: string[];
}

/** What makes a comparison fail: being worse; or also not being shown to be no worse. */
export const failOnWords = ['worse', 'inconclusive'] as const;
export type FailOn = (typeof failOnWords)[number];

/** @returns `unjudged`, which is no pass, where a server got no verdict at all, or has lost a figure that it is judged by */
export function outcomeOf(servers: readonly ServerComparison[], failOn: FailOn): 'passed' | 'failed' | 'unjudged' {
  const verdicts = servers.map(({ metrics: compared }) => compared.map(({ verdict }) => verdict).filter((verdict) => verdict !== null));
  if (servers.some(({ lost }) => lost.length > 0) && !verdicts.flat().includes('worse')) return 'unjudged';
  if (verdicts.flat().some((verdict) => verdict === 'worse' || verdict === failOn)) return 'failed';
  return verdicts.length === 0 || verdicts.some((own) => own.length === 0) ? 'unjudged' : 'passed';
}

/** The median of the rounds, their range, and what the metric is in all of them together. */
export interface ComparedFigure extends Spread {
  together: number;
}

interface Measured extends Side {
  readings: readonly Readings[];
}

/** A server's rounds that can be believed. */
export function measuredOf({ rounds }: RunResult, server: string): Measured {
  const own = rounds.filter((round) => round.server === server);
  const measured = own.filter((round) => round.state === 'measured');
  const valid = measured.filter(({ doubts }) => doubts.length === 0);
  return { server, rounds: valid.length, invalidRounds: measured.length - valid.length, failedRounds: own.length - measured.length, readings: valid.map(readingsOf) };
}

/** The servers of one run against one of them, in the primary metrics. */
export function compareWithin(result: RunResult, against: string): ServerComparison[] {
  const baseline = measuredOf(result, against);
  return result.targets.filter((server) => server !== against).map((server) => compareServers(baseline, measuredOf(result, server), primaryMetrics));
}

interface NamedResult {
  name: string;
  result: RunResult;
}

/** Two results, each server with its namesake, in all metrics; of one server in either, these two. */
export function compareResults(baseline: NamedResult, candidate: NamedResult, differences: string[]): ResultsComparison {
  const servers = pairsOf(baseline.result, candidate.result).map(([before, after]) =>
    compareServers(measuredOf(baseline.result, before), measuredOf(candidate.result, after), metrics),
  );
  const names = [baseline, candidate].map(({ name, result }) => (result.status === 'partial' ? `${name} (partial)` : name));
  const unpaired = [...new Set([...baseline.result.targets, ...candidate.result.targets])].filter(
    (server) => !servers.some((each) => each.baseline.server === server || each.candidate.server === server),
  );
  return { baseline: names[0]!, candidate: names[1]!, differences, servers, unpaired };
}

function compareServers({ readings: before, ...baseline }: Measured, { readings: after, ...candidate }: Measured, among: readonly Metric[]): ServerComparison {
  const compared = among.flatMap((metric) => {
    const rounds = [overRounds(metric, before), overRounds(metric, after)] as const;
    return rounds[0] && rounds[1] ? [compareMetric(metric, rounds[0], rounds[1])] : [];
  });
  const isLost = (metric: Metric) => after.length > 0 && overRounds(metric, before) !== undefined && overRounds(metric, after) === undefined;
  return { baseline, candidate, metrics: compared, lost: primaryMetrics.filter(isLost).map(({ name }) => name) };
}

/** With the same seed each time: the same rounds always get the same verdict. */
export function compareMetric({ name, primary }: Pick<Metric, 'name' | 'primary'>, before: OverRounds, after: OverRounds): MetricComparison {
  const [baseline, candidate] = [before, after].map(figureOf) as [ComparedFigure, ComparedFigure];
  const rounds = Math.min(before.rounds.length, after.rounds.length);
  const ratio = baseline.together === 0 || rounds < leastRounds ? null : candidate.together / baseline.together;
  const interval = ratio === null ? null : intervalOfRatio(before, after);
  const judged = primary && interval && Math.min(baseline.together, candidate.together) > 0 ? { ratio: ratio!, interval, margin: primary.margin } : null;
  const verdict = judged && verdictOf(judged);
  return { metric: name, baseline, candidate, ratio, interval, verdict, moreRounds: verdict === 'inconclusive' ? moreRounds(judged!, rounds) : null };
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
  const interval = bootstrapInterval<[readonly unknown[], readonly unknown[]]>([before.rounds, after.rounds], ratioOf, { random: randomFrom(1) });
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
  for (let more = 1; more <= mostRounds; more++) if (half * narrowing(rounds, rounds + more) <= room) return more;
  return null;
}

/** How wide an interval of more rounds is, as a share: with the root of the rounds, and with Student's quantile. */
export function narrowing(from: number, to: number): number {
  const width = (rounds: number) => studentQuantile(0.975, rounds - 1) / Math.sqrt(rounds);
  return width(to) / width(from);
}
