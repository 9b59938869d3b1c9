/** The counts of answers: how they ended, and what arrived. */
import type { AnswersOutcome } from '../../scenario/kinds/answers.ts';

/** The start value of a sum. @param hasLimits whether answers should meet limits */
export const noAnswers = (hasLimits: boolean): AnswersOutcome => ({
  kind: 'answers',
  planned: 0,
  completed: 0,
  endedEarly: 0,
  capped: 0,
  timedOut: 0,
  failed: 0,
  stillRunning: 0,
  dropped: 0,
  withUsage: 0,
  ended: 0,
  endedCompleted: 0,
  endedTokens: 0,
  endedGood: hasLimits ? 0 : null,
  chunks: 0,
});

/** Adds up the counts of several generators. @param all at least one */
export function sumOfAnswers(all: readonly AnswersOutcome[]): AnswersOutcome {
  const total = noAnswers(all[0]!.endedGood !== null);
  for (const outcome of all)
    for (const name of Object.keys(total) as (keyof AnswersOutcome)[])
      if (name !== 'kind' && total[name] !== null) total[name] += outcome[name]!;
  return total;
}
