/** Verdicts of comparisons in a sentence or two, with what to do about open ones. Pure. */
import { metrics } from '../../metrics/metrics.ts';
import type { RunResult } from '../../result/run-result.ts';
import type { ResultsComparison, ServerComparison } from '../../verdict/comparison.ts';
import type { Findings } from '../../verdict/findings.ts';
import {
  leastRounds,
  type MetricComparison,
  type Verdict,
} from '../../verdict/metric-comparison.ts';
import { counted, formatRatio, inALine } from '../shared/format.ts';
import { namesOf } from './case.ts';

/** With more servers, the answer counts them instead of naming each. */
const mostServers = 3;

const labelOf = (name: string): string => metrics.find((metric) => metric.name === name)!.label;
const judgedIn = ({ metrics: all }: ServerComparison): MetricComparison[] =>
  all.filter(({ verdict }) => verdict !== null);
const withRatio = ({ metric, ratio }: MetricComparison) =>
  `${labelOf(metric)} (${formatRatio(ratio!)}×)`;

/**
 * The answer for the servers of one run. `undefined` if they share no judged metric, or if rounds
 * for a verdict are still to come.
 */
export function answerWithin(
  { against, servers, scenario, status }: RunResult,
  comparisons: readonly ServerComparison[],
): string | undefined {
  if (!comparisons.some(({ metrics: shared }) => shared.length > 0)) return undefined;
  if (scenario.rounds < leastRounds) {
    const who =
      servers.length > mostServers
        ? `The ${servers.length} servers cannot be ranked`
        : `${inALine(servers)} cannot be told apart`;
    return `${who} with ${counted(scenario.rounds, 'round')}: verdicts need ${leastRounds}. Add --rounds ${leastRounds}.`;
  }
  const judged = comparisons.filter((each) => judgedIn(each).length > 0);
  if (judged.length > 0)
    return `Compared with ${against}, ${verdictsIn(judged)}.${nextStep(judged)}`;
  return status === 'complete' ? tooFewRounds(comparisons, scenario.rounds) : undefined;
}

/** The answer for two results. */
export function answerBetween({ baseline, servers, differences }: ResultsComparison): string {
  const judged = servers.filter((each) => judgedIn(each).length > 0);
  const verdicts =
    judged.length > 0
      ? `Compared with the baseline ${baseline}, ${verdictsIn(judged)}.${nextStep(judged)}`
      : (tooFewRounds(servers) ?? 'No verdict: the results share no judged metric.');
  return differences.length > 0
    ? `${verdicts} The conditions differ, so the servers may not be the cause.`
    : verdicts;
}

/**
 * The comparison with a baseline. `undefined` without one, or until the run has ended: a comparison
 * after each round would take too long.
 */
export const baselineOf = (
  { status }: Pick<RunResult, 'status'>,
  findings: Findings,
): ResultsComparison | undefined =>
  status === 'complete' ? (findings.againstBaseline ?? undefined) : undefined;

export const isWorse = ({ servers }: ResultsComparison): boolean =>
  servers.some((each) => judgedIn(each).some(({ verdict }) => verdict === 'worse'));

const verdictsIn = (judged: readonly ServerComparison[]): string =>
  judged.length > mostServers ? byMetric(judged) : judged.map(byServer).join('; ');

const order: readonly Verdict[] = ['worse', 'better', 'inconclusive'];

/** `koa is worse in CPU per event (1.50×) and inconclusive in release p99`. */
function byServer(comparison: ServerComparison): string {
  const judged = judgedIn(comparison);
  const clauses = order.flatMap((verdict) => {
    const those = judged.filter((each) => each.verdict === verdict);
    const of =
      verdict === 'inconclusive'
        ? those.map(({ metric }) => labelOf(metric))
        : those.map(withRatio);
    return those.length > 0 ? [`${verdict} in ${inALine(of)}`] : [];
  });
  const same = `the same in ${judged.length > 1 ? `all ${judged.length} judged metrics` : labelOf(judged[0]!.metric)}`;
  return `${comparison.candidate.server} is ${clauses.length > 0 ? clauses.join(', ') : same}`;
}

/** `6 of 8 servers are worse in CPU per event (up to 2.10×: nest)`. */
function byMetric(judged: readonly ServerComparison[]): string {
  const all = judged.flatMap((comparison) =>
    judgedIn(comparison).map((each) => ({ server: comparison.candidate.server, ...each })),
  );
  const clauses = [...Map.groupBy(all, ({ metric }) => metric)].flatMap(([metric, compared]) =>
    (['worse', 'better'] as const).flatMap((verdict) => {
      const those = compared
        .filter((each) => each.verdict === verdict)
        .toSorted((a, b) => a.ratio! - b.ratio!);
      const most = verdict === 'worse' ? those.at(-1) : those[0];
      const bound = verdict === 'worse' ? 'up to' : 'down to';
      return most
        ? [
            `${those.length} of ${compared.length} servers ${those.length === 1 ? 'is' : 'are'} ${verdict} in ${labelOf(metric)} (${bound} ${formatRatio(most.ratio!)}×: ${most.server})`,
          ]
        : [];
    }),
  );
  if (clauses.length > 0) return clauses.join('. ');
  const isOpen = all.some(({ verdict }) => verdict === 'inconclusive');
  return `no server is better or worse${isOpen ? ', but some metrics are inconclusive' : ''}`;
}

/** How to decide inconclusive metrics; empty if there are none. Begins with a space. */
function nextStep(judged: readonly ServerComparison[]): string {
  const open = judged.flatMap((comparison) =>
    judgedIn(comparison)
      .filter(({ verdict }) => verdict === 'inconclusive')
      .map(({ moreRounds }) => ({ moreRounds, ...comparison })),
  );
  if (open.length === 0) return '';
  const deciding = open.flatMap(({ moreRounds, baseline, candidate }) =>
    moreRounds === null ? [] : [Math.min(baseline.rounds, candidate.rounds) + moreRounds],
  );
  return deciding.length > 0
    ? ` To decide more, use about --rounds ${Math.max(...deciding)}.`
    : ' More rounds would not decide the inconclusive metrics: the difference is about as large as the margin.';
}

/** @param planned rounds of each server, if both sides are of the same run */
function tooFewRounds(
  comparisons: readonly ServerComparison[],
  planned?: number,
): string | undefined {
  const [least] = comparisons
    .filter(({ metrics: shared }) => shared.length > 0)
    .flatMap(({ baseline, candidate }) => [baseline, candidate])
    .toSorted((a, b) => a.rounds - b.rounds);
  if (!least || least.rounds >= leastRounds) return undefined;
  const rounds = Math.max(leastRounds, (planned ?? 0) + leastRounds - least.rounds);
  return `No verdict: ${namesOf([least])} has ${counted(least.rounds, 'valid round')}, and verdicts need ${leastRounds}. Use --rounds ${rounds}.`;
}
