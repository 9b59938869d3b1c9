/** Whether one server is better or worse than another: of one run, or of two results. Pure. */
import type { Metric } from '../metrics/metric.ts';
import { metrics } from '../metrics/metrics.ts';
import type { ServerRounds } from '../metrics/server-rounds.ts';
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

export type Outcome = 'passed' | 'failed' | 'unjudged';

/** @returns `passed` if nothing makes it fail; `unjudged`, which is no pass, where a server got no verdict at all, or has lost a figure that it is judged by */
export function outcomeOf(
  servers: readonly ServerComparison[],
  failOn: FailOn | undefined,
): Outcome {
  if (failOn === undefined) return 'passed';
  const verdicts = servers.map(({ metrics: compared }) =>
    compared.map(({ verdict }) => verdict).filter((verdict) => verdict !== null),
  );
  if (servers.some(({ lost }) => lost.length > 0) && !verdicts.flat().includes('worse'))
    return 'unjudged';
  if (verdicts.flat().some((verdict) => verdict === 'worse' || verdict === failOn)) return 'failed';
  return verdicts.length === 0 || verdicts.some((own) => own.length === 0) ? 'unjudged' : 'passed';
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
export function judgedFigures(
  scenario: RunResult['scenario'],
  { over }: Pick<ServerRounds, 'over'>,
): Metric[] {
  return metricsUnder(scenario).filter((metric) => metric.primary && over(metric) !== undefined);
}

/** The servers of one run against one of them, in the primary metrics. */
export function compareWithin(
  baseline: ServerRounds,
  servers: readonly ServerRounds[],
  scenario: RunResult['scenario'],
): ServerComparison[] {
  const among = metricsUnder(scenario).filter(({ primary }) => primary);
  return servers
    .filter(({ server }) => server !== baseline.server)
    .map((candidate) => compareServers(baseline, candidate, among));
}

export interface NamedResult {
  name: string;
  result: RunResult;
  findings: { readonly servers: readonly ServerRounds[] };
}

/** Two results, each server with its namesake, in all metrics; of one server in either, these two. */
export function compareResults(
  baseline: NamedResult,
  candidate: NamedResult,
  differences: string[],
): ResultsComparison {
  const roundsIn = ({ findings }: NamedResult, name: string) =>
    findings.servers.find(({ server }) => server === name)!;
  const servers = pairsOf(baseline.result, candidate.result).map(([before, after]) =>
    compareServers(
      roundsIn(baseline, before),
      roundsIn(candidate, after),
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
  baseline: ServerRounds,
  candidate: ServerRounds,
  among: readonly Metric[],
): ServerComparison {
  const both = among.map((metric) => ({
    metric,
    one: baseline.over(metric),
    other: candidate.over(metric),
  }));
  const lost =
    candidate.valid.length === 0
      ? []
      : both.filter(({ metric, one, other }) => metric.primary && one && !other);
  return {
    baseline: sideOf(baseline),
    candidate: sideOf(candidate),
    metrics: both.flatMap(({ metric, one, other }) =>
      one && other ? [compareMetric(metric, one, other)] : [],
    ),
    lost: lost.map(({ metric }) => metric.name),
  };
}

const sideOf = ({ server, valid, invalid, failed }: ServerRounds): Side => ({
  server,
  rounds: valid.length,
  invalidRounds: invalid.length,
  failedRounds: failed.length,
});
