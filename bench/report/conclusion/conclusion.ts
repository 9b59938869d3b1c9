/**
 * The first lines of every report: what was found, whether it is valid, and what to do next. A pure
 * function of the result and its findings; verdicts are computed in `verdict/`.
 */
import type { RunResult } from '../../result/run-result.ts';
import type { Findings } from '../../verdict/findings.ts';
import { answers, capacityAnswer } from './answers.ts';
import type { Statement } from './case.ts';
import { problems } from './problems.ts';

const mostStatements = 2;

/** @returns at most two statements, problems first; empty before anything was measured */
export function conclusionOf(result: RunResult, findings: Findings): Statement[] {
  const found: Statement[] = [];
  for (const { say } of problems) {
    if (found.length === mostStatements) return found;
    const text = say(result, findings);
    if (text !== undefined) found.push({ text, isProblem: true });
  }
  if (found.length === mostStatements) return found;
  // The rounds of a search have different loads, so other answers would mix them.
  const possible = result.capacity.length > 0 ? [capacityAnswer] : answers;
  for (const { say } of possible) {
    const text = say(result, findings);
    if (text !== undefined) return [...found, { text, isProblem: false }];
  }
  return found;
}
