/**
 * The first lines of every report: what was found, whether it is valid, and what to do next. A pure
 * function of the result and its findings; verdicts are computed in `verdict/`.
 */
import type { RunResult } from '../../result/run-result.ts';
import type { Findings } from '../../verdict/findings.ts';
import { answers } from './answers.ts';
import { problems } from './problems.ts';

export interface Statement {
  /** One or two sentences, with names and messages that a server chose: escape it. */
  text: string;
  isProblem: boolean;
}

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
  for (const { say } of answers) {
    const text = say(result, findings);
    if (text !== undefined) return [...found, { text, isProblem: false }];
  }
  return found;
}
