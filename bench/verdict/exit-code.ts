/**
 * The exit codes of verdicts. Pure. Does not cover what only a command knows, such as an
 * interruption.
 */
import { exitCodes, type ExitCode } from '../result/exit-codes.ts';
import type { ServerVerdict } from '../result/leak-result.ts';
import type { RunResult } from '../result/run-result.ts';
import type { WatchEnd } from '../result/watch-result.ts';
import type { Outcome } from './comparison.ts';
import type { Findings } from './findings.ts';

/** The exit codes of a comparison with `--fail-on`. */
export const exitCodeOfOutcome: Readonly<Record<Outcome, ExitCode>> = {
  passed: exitCodes.success,
  failed: exitCodes.unmet,
  unjudged: exitCodes.invalid,
};

const failing = ['leaking', 'unexpected', 'died'] as const;

/** The exit code of a leak check. */
export function exitCodeOfLeaks(verdicts: readonly Pick<ServerVerdict, 'state'>[]): ExitCode {
  const states = new Set(verdicts.map(({ state }) => state));
  if (failing.some((state) => states.has(state))) return exitCodes.leaking;
  return states.has('not inspected') || states.has('not tested')
    ? exitCodes.invalid
    : exitCodes.success;
}

/**
 * The exit code of a watch. Without enough inspections for an alarm, there is no answer, unless the
 * user ended it.
 */
export function exitCodeOfWatch({
  because,
  isJudged,
  alarms,
}: Pick<WatchEnd, 'because' | 'isJudged' | 'alarms'>): ExitCode {
  if (alarms.length > 0) return exitCodes.leaking;
  if (because === 'interrupted') return exitCodes.success;
  return because === 'failed' || !isJudged ? exitCodes.invalid : exitCodes.success;
}

/**
 * The exit code of a run. Failures take precedence over invalid rounds, and those over broken
 * expectations.
 *
 * @param outcome of the comparisons that `--fail-on` judges
 */
export function exitCodeOf(
  { rounds, leaks }: RunResult,
  { summaries, kindVerdicts, thresholds }: Findings,
  outcome: Outcome,
): ExitCode {
  if (rounds.some(({ state }) => state === 'failed')) return exitCodes.failure;
  if (summaries.some(({ invalid }) => invalid) || outcome === 'unjudged') return exitCodes.invalid;
  const ofLeaks = exitCodeOfLeaks(leaks);
  if (ofLeaks !== exitCodes.success) return ofLeaks;
  const isUnmet =
    kindVerdicts.some(({ passed }) => !passed) || thresholds.some(({ state }) => state !== 'held');
  return isUnmet ? exitCodes.unmet : exitCodeOfOutcome[outcome];
}
