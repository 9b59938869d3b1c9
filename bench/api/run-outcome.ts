/** The outcome of `run`: the result, and everything that is computed from it, as plain data. */
import type { MetricName } from '../metrics/metrics.ts';
import type { Spread } from '../metrics/summary.ts';
import type { ExitCode } from '../result/exit-codes.ts';
import type { Causes } from '../result/recording.ts';
import type { RunResult } from '../result/run-result.ts';
import type { ResultsComparison, ServerComparison } from '../verdict/comparison.ts';
import type { Findings } from '../verdict/findings.ts';
import type { ServerKindVerdict } from '../verdict/kind-verdicts.ts';
import type { ThresholdVerdict } from '../verdict/thresholds.ts';

/** The figures of one server. */
export interface ServerFigures {
  server: string;
  /** How many rounds the figures come from. */
  rounds: number;
  /** Whether all rounds are invalid, because the load generator or the machine distorted them. */
  invalid: boolean;
  /** How many rounds failed. */
  failedRounds: number;
  /**
   * The median and the range of the rounds, in the unit of the metric. A metric is absent if it is
   * not available for this server, or has too few samples.
   */
  figures: Partial<Record<MetricName, Spread>>;
  /** The causes of failed streams, each with its number over all rounds and one message. */
  failures: Causes;
}

export interface RunOutcome {
  /** The result, as `ssebench run --json` prints it, and as `compare` takes it. */
  result: RunResult;
  /**
   * Why servers did not answer the first request with a stream, one sentence for each. If there is
   * any, nothing was measured.
   */
  unreachable: readonly string[];
  /** In the order of the run. */
  servers: readonly ServerFigures[];
  /** The verdict on every expectation for each server. */
  thresholds: readonly ThresholdVerdict[];
  /** The verdicts of the scenario, such as that of a shutdown. */
  verdicts: readonly ServerKindVerdict[];
  /** Comparisons of the other servers with one of them (`against`). */
  comparisons: readonly ServerComparison[];
  /** The comparison with `baseline`; `null` without one. */
  againstBaseline: ResultsComparison | null;
  /** The exit code of `ssebench run`; 0 if nothing fails, and 130 after an abort. */
  exitCode: ExitCode;
}

/** Pure. */
export const runOutcome = (
  result: RunResult,
  findings: Findings,
  unreachable: readonly string[],
  exitCode: ExitCode,
): RunOutcome => ({
  result,
  unreachable,
  servers: findings.summaries.map((summary) => ({
    server: summary.server,
    rounds: summary.measuredRounds,
    invalid: summary.invalid,
    failedRounds: summary.failedRounds.length,
    figures: Object.fromEntries(
      [...summary.figures].flatMap(([name, spread]) =>
        spread === undefined || spread === 'too few' ? [] : [[name, spread]],
      ),
    ),
    failures: { ...summary.failures },
  })),
  thresholds: findings.thresholds,
  verdicts: findings.kindVerdicts,
  comparisons: findings.comparisons,
  againstBaseline: findings.againstBaseline,
  exitCode,
});
