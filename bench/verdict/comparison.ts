/**
 * Decides whether one server is better or worse than another, within one run or between two
 * results. Pure.
 */
import type { Metric } from '../metrics/metric.ts';
import type { ServerRounds } from '../metrics/server-rounds.ts';
import type { RunResult } from '../result/run-result.ts';
import { pairsOf } from './comparable.ts';
import type { FailOn } from './fail-on-words.ts';
import { judgedFor, judgedWithin, withPrimary } from './judged.ts';
import { compareMetric, type MetricComparison } from './metric-comparison.ts';

export { failOnWords, type FailOn } from './fail-on-words.ts';

export interface Side {
  server: string;
  /** Valid rounds, from which the figures are taken. */
  rounds: number;
  /** Rounds left out because they are invalid. `failedRounds` are left out too. */
  invalidRounds: number;
  failedRounds: number;
}

export interface ServerComparison {
  baseline: Side;
  candidate: Side;
  /** The metrics that decide this comparison. */
  judged: readonly string[];
  /** Metrics that both sides have. */
  metrics: MetricComparison[];
  /**
   * Judged metrics that the baseline has and the candidate lacks, although it has valid rounds. An
   * example is release times of a server that releases nothing.
   */
  lost: string[];
}

/** Two results, and their comparison. */
export interface ResultsComparison {
  /** Names of the two results. */
  baseline: string;
  candidate: string;
  /** Differences in the conditions; empty unless the user compares them with `--anyway`. */
  differences: string[];
  servers: ServerComparison[];
  /** Servers that only one of the results has. */
  unpaired: string[];
}

export type Outcome = 'passed' | 'failed' | 'unjudged';

/**
 * @returns `passed` if nothing makes it fail; `unjudged` if a server has no verdict at all, has lost
 * a figure that decides, or has one without a verdict. `unjudged` does not count as a pass.
 */
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
  return verdicts.length === 0 || verdicts.some((own) => own.length === 0) || servers.some(hasGap)
    ? 'unjudged'
    : 'passed';
}

/** Whether a judged metric has no verdict. */
const hasGap = ({ judged, metrics: compared }: ServerComparison): boolean =>
  compared.some(({ metric, verdict }) => judged.includes(metric) && verdict === null);

/** Compares the servers of one run with one of them, in the metrics that judge them. */
export function compareWithin(
  baseline: ServerRounds,
  servers: readonly ServerRounds[],
  scenario: RunResult['scenario'],
): ServerComparison[] {
  return servers
    .filter(({ server }) => server !== baseline.server)
    .map((candidate) => {
      const judged = judgedWithin(scenario, baseline, candidate);
      return compareServers(baseline, candidate, judged, judged);
    });
}

export interface NamedResult {
  name: string;
  result: RunResult;
  findings: { readonly servers: readonly ServerRounds[] };
}

/** Compares two results in all metrics: servers with the same name, or the only server of each. */
export function compareResults(
  baseline: NamedResult,
  candidate: NamedResult,
  differences: string[],
): ResultsComparison {
  const roundsIn = ({ findings }: NamedResult, name: string) =>
    findings.servers.find(({ server }) => server === name)!;
  const servers = pairsOf(baseline.result, candidate.result).map(([before, after]) => {
    const [one, other] = [roundsIn(baseline, before), roundsIn(candidate, after)];
    const judged = judgedFor(candidate.result.scenario, one, other);
    return compareServers(one, other, judged, withPrimary(judged));
  });
  const names = [baseline, candidate].map(({ name, result }) =>
    result.status === 'partial' ? `${name} (partial)` : name,
  );
  const unpaired = [...new Set([...baseline.result.servers, ...candidate.result.servers])].filter(
    (server) =>
      !servers.some((each) => each.baseline.server === server || each.candidate.server === server),
  );
  return { baseline: names[0]!, candidate: names[1]!, differences, servers, unpaired };
}

function compareServers(
  baseline: ServerRounds,
  candidate: ServerRounds,
  judged: readonly Metric[],
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
    judged: judged.map(({ name }) => name),
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
