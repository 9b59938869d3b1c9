/** The exit code that verdicts make. Pure. What only a command knows, such as an interruption, is not in it. */
import { exitCodes } from '../result/exit-codes.ts';
import type { ServerVerdict } from '../result/leak-result.ts';
import type { RunResult } from '../result/run-result.ts';
import type { Outcome } from './comparison.ts';
import type { Findings } from './findings.ts';

type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Of a comparison that may fail. */
export const exitCodeOfOutcome: Readonly<Record<Outcome, ExitCode>> = {
  passed: exitCodes.success,
  failed: exitCodes.unmet,
  unjudged: exitCodes.invalid,
};

/** Of a leak check. */
export function exitCodeOfLeaks(verdicts: readonly Pick<ServerVerdict, 'state'>[]): ExitCode {
  const states = new Set(verdicts.map(({ state }) => state));
  if (states.has('leaking') || states.has('odd')) return exitCodes.leaking;
  return states.has('unknown') ? exitCodes.invalid : exitCodes.success;
}

/**
 * Of a run. What failed comes before what is invalid, and that before what is not as it was expected.
 *
 * @param outcome of the comparison with a baseline
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
