/** The comparisons that a report explains below its conclusion. Pure. */
import type { RunResult } from '../../result/run-result.ts';
import type { ServerComparison } from '../../verdict/comparison.ts';
import type { Findings } from '../../verdict/findings.ts';
import { leastRounds } from '../../verdict/metric-comparison.ts';
import { statementWithin } from './comparison-answers.ts';
import { conclusionOf } from './conclusion.ts';

/** @returns none if the conclusion already says that the run has too few rounds for verdicts */
export function openComparisons(
  result: RunResult,
  findings: Findings,
): readonly ServerComparison[] {
  if (result.scenario.rounds >= leastRounds) return findings.comparisons;
  const statement = statementWithin(result, findings.comparisons);
  const isStated = conclusionOf(result, findings).some(({ text }) => text === statement?.text);
  return isStated ? [] : findings.comparisons;
}
