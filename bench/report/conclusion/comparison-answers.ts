/** Comparisons in a few sentences: what was not judged, the verdicts, and what to do. Pure. */
import type { RunResult } from '../../result/run-result.ts';
import type { ResultsComparison, ServerComparison } from '../../verdict/comparison.ts';
import type { Findings } from '../../verdict/findings.ts';
import { leastRounds, type Verdict } from '../../verdict/metric-comparison.ts';
import { gapOf, judgedIn } from '../shared/comparison-gaps.ts';
import { counted, inALine } from '../shared/format.ts';
import type { Statement } from './case.ts';
import { mostServers, verdictSentences } from './comparison-verdicts.ts';
import {
  betweenResults,
  excludedSentence,
  gapSentences,
  unpairedSentence,
  withinRun,
} from './gap-sentences.ts';

/**
 * The statement on the servers of one run. `undefined` if fewer than two servers have valid rounds,
 * if they share no judged metric, or if rounds for a verdict are still to come.
 */
export function statementWithin(
  { against, scenario, status }: RunResult,
  comparisons: readonly ServerComparison[],
): Statement | undefined {
  const valid = validIn(comparisons);
  if (valid.length < 2 || sharesNothing(comparisons)) return undefined;
  const isBaselineValid = comparisons[0]!.baseline.rounds > 0;
  if (scenario.rounds < leastRounds && isBaselineValid) {
    const who =
      valid.length > mostServers
        ? `The ${valid.length} servers cannot be ranked`
        : `${inALine(valid)} cannot be told apart`;
    const text = `${who} with ${counted(scenario.rounds, 'round')}: verdicts need ${leastRounds}. Add --rounds ${leastRounds}.`;
    return { text, isProblem: false };
  }
  const hasVerdicts = comparisons.some((each) => judgedIn(each).length > 0);
  if (status !== 'complete' && !hasVerdicts) return undefined;
  const gaps = gapSentences(comparisons, against!, withinRun);
  const verdicts = verdictSentences(comparisons, `${against}`, (rounds) => `use about ${rounds}`);
  return { text: [...gaps, ...verdicts].join(' '), isProblem: gaps.length > 0 };
}

/** The statement on two results; a problem unless `--fail-on inconclusive` would pass. */
export function statementBetween(comparison: ResultsComparison): Statement {
  const { baseline, servers, differences } = comparison;
  const base = `the baseline ${baseline}`;
  const gaps = gapSentences(servers, base, betweenResults);
  const verdicts = verdictSentences(
    servers,
    base,
    (rounds) => `measure both results again with about ${rounds}`,
  );
  const differ = verdicts.length > 0 && differences.length > 0;
  return {
    text: [
      ...gaps,
      ...unpairedSentence(comparison),
      ...excludedSentence(servers),
      ...verdicts,
      ...(differ ? ['The conditions differ, so the servers may not be the cause.'] : []),
    ].join(' '),
    isProblem: gaps.length > 0 || servers.some(hasOpenVerdict),
  };
}

/**
 * The statement on a baseline. `undefined` without one, or until the run has ended: a comparison
 * after each round would take too long.
 */
export function statementOnBaseline(
  { status }: Pick<RunResult, 'status'>,
  findings: Findings,
): Statement | undefined {
  const comparison = status === 'complete' ? findings.againstBaseline : null;
  return comparison ? statementBetween(comparison) : undefined;
}

const openVerdicts: ReadonlySet<Verdict | null> = new Set(['worse', 'inconclusive']);
const hasOpenVerdict = ({ metrics }: ServerComparison) =>
  metrics.some(({ verdict }) => openVerdicts.has(verdict));

/** Servers that have valid rounds. */
const validIn = (comparisons: readonly ServerComparison[]): string[] => [
  ...new Set(
    comparisons
      .flatMap(({ baseline, candidate }) => [baseline, candidate])
      .flatMap(({ server, rounds }) => (rounds > 0 ? [server] : [])),
  ),
];

/** Whether no two servers with valid rounds have a judged metric in common. */
export function sharesNothing(comparisons: readonly ServerComparison[]): boolean {
  const gaps = comparisons
    .filter(({ baseline, candidate }) => Math.min(baseline.rounds, candidate.rounds) > 0)
    .map(gapOf);
  return gaps.length > 0 && gaps.every((gap) => gap?.sharesNone);
}
