/**
 * All verdicts on a run result. A command makes one `Findings` of a result, and all its reports
 * format the same one: a comparison takes thousands of draws and must not be repeated for each
 * report. Pure.
 */
import { headlineMetrics } from '../metrics/headline.ts';
import { lazily } from '../metrics/lazily.ts';
import { roundsByServer, type ServerRounds } from '../metrics/server-rounds.ts';
import { summarise, type ServerSummary } from '../metrics/summary.ts';
import type { RunResult } from '../result/run-result.ts';
import {
  compareResults,
  compareWithin,
  type ResultsComparison,
  type ServerComparison,
} from './comparison.ts';
import { curvesOver, type Curve } from './curves.ts';
import { figuresOver, type FigureOfServers } from './figures.ts';
import { judgeByKind, type ServerKindVerdict } from './kind-verdicts.ts';
import { judgeThresholds, type ThresholdVerdict } from './thresholds.ts';
import { trendsOfRounds, type RoundTrends } from './trends.ts';

/**
 * Each member is computed once, when it is first read. A caller that needs one verdict does not pay
 * for the others.
 */
export interface Findings {
  /** The rounds of each server, in the order of the run. All other lists have the same order. */
  readonly servers: readonly ServerRounds[];
  /** The figures and failures of each server. */
  readonly summaries: readonly ServerSummary[];
  /** The metrics of the short table with their intervals, for charts. */
  readonly figures: readonly FigureOfServers[];
  /** The percentiles of each distribution, for charts. */
  readonly curves: readonly Curve[];
  /** Comparisons of the other servers with `result.against`; empty if that is `null`. */
  readonly comparisons: readonly ServerComparison[];
  /** The verdicts of the load kind on each server, except the base. */
  readonly kindVerdicts: readonly ServerKindVerdict[];
  /** The verdict on every expectation for each server, except the base. */
  readonly thresholds: readonly ThresholdVerdict[];
  /** Growth over time, in rounds that are long enough. */
  readonly trends: readonly RoundTrends[];
  /** The comparison of this result with a baseline; `null` without one. */
  readonly againstBaseline: ResultsComparison | null;
  /** The comparisons that `--fail-on` judges: with the baseline, or else within the run. */
  readonly judged: readonly ServerComparison[];
}

/** A saved result for comparison. */
export interface Baseline {
  name: string;
  result: RunResult;
  findings: Findings;
  /** Differences in the conditions of the two measurements. */
  differences: string[];
}

/**
 * Reads the rounds and the scenario, but not the leaks. So findings made before a leak check remain
 * correct after it.
 *
 * @throws when a member is first read and a histogram cannot be decoded; `readResult` refuses such
 * a result
 */
export function findingsOf(result: RunResult, baseline?: Baseline): Findings {
  const { scenario, against, rounds } = result;
  // In an edited result, `against` may name a server that is not among its servers.
  const serverNamed = (name: string) =>
    findings.servers.find(({ server }) => server === name) ??
    roundsByServer({ servers: [name], rounds })[0]!;
  const judgedAmong = <Of extends { server: string }>(all: readonly Of[]) =>
    all.filter(({ server }) => server !== result.base);
  const findings: Findings = lazily<Findings>({
    servers: () => roundsByServer(result),
    summaries: () => summarise(findings.servers),
    figures: () => figuresOver(headlineMetrics(result), findings.servers),
    curves: () => curvesOver(findings.servers),
    comparisons: () =>
      against === null ? [] : compareWithin(serverNamed(against), findings.servers, scenario),
    kindVerdicts: () => judgeByKind(scenario, judgedAmong(findings.servers)),
    thresholds: () =>
      judgeThresholds(result.expect, {
        servers: judgedAmong(findings.servers),
        summaries: judgedAmong(findings.summaries),
      }),
    trends: () => trendsOfRounds(rounds),
    againstBaseline: () =>
      baseline
        ? compareResults(baseline, { name: result.name, result, findings }, baseline.differences)
        : null,
    judged: () => findings.againstBaseline?.servers ?? findings.comparisons,
  });
  return findings;
}
