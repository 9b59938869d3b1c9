/**
 * All verdicts on a run result. One command makes one `Findings` of a result, and every report of it formats the same one:
 * a comparison takes thousands of draws, and must not be computed for each report. Pure.
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

/** Each member is computed when it is first read, and once: a caller that needs one verdict pays for no other. */
export interface Findings {
  /** The rounds of each server, in the order of the run; so are all other lists. */
  readonly servers: readonly ServerRounds[];
  /** The figures of each server, and what went wrong. */
  readonly summaries: readonly ServerSummary[];
  /** The metrics of the short table with their intervals, as charts show them. */
  readonly figures: readonly FigureOfServers[];
  /** The percentiles of each distribution, as charts show them. */
  readonly curves: readonly Curve[];
  /** The other servers against `result.against`; empty if that is `null`. */
  readonly comparisons: readonly ServerComparison[];
  /** What the load kind says of each server. */
  readonly kindVerdicts: readonly ServerKindVerdict[];
  /** Every expectation, of each server. */
  readonly thresholds: readonly ThresholdVerdict[];
  /** What grows with time, in rounds that are long enough. */
  readonly trends: readonly RoundTrends[];
  /** This result against a baseline; `null` without one. */
  readonly againstBaseline: ResultsComparison | null;
}

/** A saved result that another one is compared with. */
export interface Baseline {
  name: string;
  result: RunResult;
  findings: Findings;
  /** In what the two were not measured alike. */
  differences: string[];
}

/**
 * Reads the rounds, and what was asked of them; not the leaks. So findings made before a leak check stay true after it.
 *
 * @throws at the first reading of a member if a histogram cannot be read; `readResult` refuses such a result
 */
export function findingsOf(result: RunResult, baseline?: Baseline): Findings {
  const { scenario, against, rounds } = result;
  // A result that somebody has edited may name one that is not among its servers.
  const serverNamed = (name: string) =>
    findings.servers.find(({ server }) => server === name) ??
    roundsByServer({ targets: [name], rounds })[0]!;
  const findings: Findings = lazily<Findings>({
    servers: () => roundsByServer(result),
    summaries: () => summarise(findings.servers),
    figures: () => figuresOver(headlineMetrics(result), findings.servers),
    curves: () => curvesOver(findings.servers),
    comparisons: () =>
      against === null ? [] : compareWithin(serverNamed(against), findings.servers, scenario),
    kindVerdicts: () => judgeByKind(scenario, findings.servers),
    thresholds: () => judgeThresholds(result.expect, findings),
    trends: () => trendsOfRounds(rounds),
    againstBaseline: () =>
      baseline
        ? compareResults(baseline, { name: result.name, result, findings }, baseline.differences)
        : null,
  });
  return findings;
}
