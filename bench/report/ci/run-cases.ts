/**
 * The result of a run for CI: a suite for each server, a case for each claim about it. A case fails
 * exactly if the exit code of the run says so.
 */
import type { ServerSummary } from '../../metrics/summary.ts';
import type { MeasuredRound, RunResult } from '../../result/run-result.ts';
import type { FailOn } from '../../verdict/comparison.ts';
import type { Findings } from '../../verdict/findings.ts';
import type { ServerKindVerdict } from '../../verdict/kind-verdicts.ts';
import type { ThresholdVerdict } from '../../verdict/thresholds.ts';
import { doubtLines, failuresOf } from '../shared/round-words.ts';
import { foundIn } from '../shared/verdict-words.ts';
import { notPassed, passed, totalMs, type CiCase, type CiReport } from './ci-report.ts';
import { comparisonCases } from './comparison-cases.ts';
import { leakCases } from './leak-cases.ts';

/** @param failOn the verdicts of comparisons that fail the run */
export function runCiReport(
  result: RunResult,
  findings: Findings,
  failOn: FailOn | undefined,
): CiReport {
  const compared = findings.judged;
  const base = findings.againstBaseline?.baseline ?? String(result.against);
  return {
    command: 'run',
    startedAt: result.startedAt,
    suites: findings.summaries.map((summary) => {
      const isOwn = (each: { server: string }) => each.server === summary.server;
      const cases = [
        roundsCase(summary, measuredMs(result, summary.server)),
        ...findings.kindVerdicts.filter(isOwn).map(kindCase),
        ...findings.thresholds.filter(isOwn).map(thresholdCase),
        ...compared
          .filter(({ candidate }) => isOwn(candidate))
          .flatMap((comparison) => comparisonCases(comparison, base, failOn)),
        ...result.leaks
          .filter(isOwn)
          .flatMap(leakCases)
          .map((each) => ({ ...each, name: `leak check: ${each.name}` })),
      ];
      return { name: summary.server, cases, tookMs: totalMs(cases) };
    }),
  };
}

/**
 * A run that ended before its rounds, because a server did not answer its first request with a
 * stream.
 *
 * @param lines the reasons, each after the name of its server: `name: reason`
 */
export const unansweredCiReport = (
  { startedAt, servers }: RunResult,
  lines: readonly string[],
): CiReport => ({
  command: 'run',
  startedAt,
  suites: servers.map((name) => {
    const line = lines.find((each) => each.startsWith(`${name}: `));
    const found =
      line === undefined
        ? notPassed('valid rounds', 'error', 'nothing was measured')
        : notPassed('first request', 'error', line.slice(`${name}: `.length));
    return { name, cases: [found], tookMs: 0 };
  }),
});

/**
 * Whether the rounds can be judged. The other cases take no time, because they judge the same
 * rounds.
 */
function roundsCase(summary: ServerSummary, tookMs: number): CiCase {
  const { server, invalid, measuredRounds } = summary;
  const lines = [
    ...failuresOf(summary).map(({ line }) => line),
    ...(invalid ? doubtLines(summary) : []),
  ].map((line) => ({ text: line.slice(`${server}: `.length) }));
  const problems =
    measuredRounds === 0 && lines.length === 0 ? [{ text: 'nothing was measured' }] : lines;
  return problems.length === 0
    ? passed('valid rounds', tookMs)
    : { name: 'valid rounds', state: 'error', problems, tookMs };
}

/** From the first stream of each round to the end of its measurement. */
const measuredMs = ({ rounds }: RunResult, name: string): number =>
  rounds
    .filter((round): round is MeasuredRound => round.state === 'measured' && round.server === name)
    .reduce(
      (sum, { timeline, durationMs }) => sum + (timeline.phases.at(-1)?.atMs ?? durationMs),
      0,
    );

const kindCase = ({ state, sentence, passed: isPassed }: ServerKindVerdict): CiCase =>
  isPassed ? passed('load kind', 0) : notPassed('load kind', 'failure', `${state}: ${sentence}`);

function thresholdCase(verdict: ThresholdVerdict): CiCase {
  const {
    threshold: { text },
    state,
  } = verdict;
  if (state === 'held') return passed(text, 0);
  return state === 'broken'
    ? notPassed(text, 'failure', `found ${foundIn(verdict)}`)
    : notPassed(text, 'error', foundIn(verdict));
}
