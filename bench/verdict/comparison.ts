/** Whether one server is better or worse than another: of one run, or of two results. Pure. */
import { readingsOf, type Metric, type Readings } from '../metrics/metric.ts';
import { metrics } from '../metrics/metrics.ts';
import { overRounds } from '../metrics/over-rounds.ts';
import { roundsOf } from '../metrics/summary.ts';
import type { RunResult } from '../result/run-result.ts';
import { pairsOf } from './comparable.ts';
import { compareMetric, type MetricComparison } from './metric-comparison.ts';

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
export function outcomeOf(
  servers: readonly ServerComparison[],
  failOn: FailOn,
): 'passed' | 'failed' | 'unjudged' {
  const verdicts = servers.map(({ metrics: compared }) =>
    compared.map(({ verdict }) => verdict).filter((verdict) => verdict !== null),
  );
  if (servers.some(({ lost }) => lost.length > 0) && !verdicts.flat().includes('worse'))
    return 'unjudged';
  if (verdicts.flat().some((verdict) => verdict === 'worse' || verdict === failOn)) return 'failed';
  return verdicts.length === 0 || verdicts.some((own) => own.length === 0) ? 'unjudged' : 'passed';
}

interface Measured extends Side {
  readings: readonly Readings[];
}

/** A server's rounds that can be believed. */
export function measuredOf(result: RunResult, server: string): Measured {
  const { valid, invalid, failed } = roundsOf(result, server);
  return {
    server,
    rounds: valid.length,
    invalidRounds: invalid.length,
    failedRounds: failed.length,
    readings: valid.map(readingsOf),
  };
}

/**
 * All metrics, with those primary by which servers are judged under this load: at their limit they have full buffers, and
 * how long an event waits in these compares nothing.
 */
function metricsUnder({ intervalMs }: RunResult['scenario']): Metric[] {
  return metrics.map((metric) => {
    if (intervalMs !== 0 || metric.quantile?.histogram !== 'delivery') return metric;
    const { primary: _, ...others } = metric;
    return others;
  });
}

/** The metrics by which a server is judged, of which all its rounds have a figure. */
export function judgedFigures(result: RunResult, server: string): Metric[] {
  const { readings } = measuredOf(result, server);
  return metricsUnder(result.scenario).filter(
    (metric) => metric.primary && overRounds(metric, readings) !== undefined,
  );
}

/** Every report of a result has the same comparison, which takes thousands of draws. */
const known = new WeakMap<RunResult, { against: string; compared: ServerComparison[] }>();

/** The servers of one run against one of them, in the primary metrics. */
export function compareWithin(result: RunResult, against: string): ServerComparison[] {
  const before = known.get(result);
  if (before?.against === against) return before.compared;
  const compared = comparedWithin(result, against);
  known.set(result, { against, compared });
  return compared;
}

function comparedWithin(result: RunResult, against: string): ServerComparison[] {
  const baseline = measuredOf(result, against);
  const among = metricsUnder(result.scenario).filter(({ primary }) => primary);
  return result.targets
    .filter((server) => server !== against)
    .map((server) => compareServers(baseline, measuredOf(result, server), among));
}

interface NamedResult {
  name: string;
  result: RunResult;
}

/** Two results, each server with its namesake, in all metrics; of one server in either, these two. */
export function compareResults(
  baseline: NamedResult,
  candidate: NamedResult,
  differences: string[],
): ResultsComparison {
  const servers = pairsOf(baseline.result, candidate.result).map(([before, after]) =>
    compareServers(
      measuredOf(baseline.result, before),
      measuredOf(candidate.result, after),
      metricsUnder(candidate.result.scenario),
    ),
  );
  const names = [baseline, candidate].map(({ name, result }) =>
    result.status === 'partial' ? `${name} (partial)` : name,
  );
  const unpaired = [...new Set([...baseline.result.targets, ...candidate.result.targets])].filter(
    (server) =>
      !servers.some((each) => each.baseline.server === server || each.candidate.server === server),
  );
  return { baseline: names[0]!, candidate: names[1]!, differences, servers, unpaired };
}

function compareServers(
  { readings: before, ...baseline }: Measured,
  { readings: after, ...candidate }: Measured,
  among: readonly Metric[],
): ServerComparison {
  const both = among.map((metric) => ({
    metric,
    one: overRounds(metric, before),
    other: overRounds(metric, after),
  }));
  const lost =
    after.length === 0
      ? []
      : both.filter(({ metric, one, other }) => metric.primary && one && !other);
  return {
    baseline,
    candidate,
    metrics: both.flatMap(({ metric, one, other }) =>
      one && other ? [compareMetric(metric, one, other)] : [],
    ),
    lost: lost.map(({ metric }) => metric.name),
  };
}
