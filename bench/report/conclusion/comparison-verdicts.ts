/** The verdicts on one server, or on many, and how to decide more. Pure. */
import type { ServerComparison } from '../../verdict/comparison.ts';
import type { MetricComparison } from '../../verdict/metric-comparison.ts';
import { verdictOrder } from '../shared/comparison.ts';
import { judgedIn, labelsOf, metricNamed } from '../shared/comparison-gaps.ts';
import { formatRatio, inALine } from '../shared/format.ts';

/** With more servers, a sentence counts them instead of naming each. */
export const mostServers = 3;

/** @param use how to measure with the option given; imperative */
export function verdictSentences(
  comparisons: readonly ServerComparison[],
  base: string,
  use: (option: string) => string,
): string[] {
  const judged = comparisons.filter((each) => judgedIn(each).length > 0);
  if (judged.length === 0) return [];
  const verdicts =
    judged.length > mostServers ? verdictsByMetric(judged) : judged.map(verdictsOf).join('; ');
  return [`Compared with ${base}, ${verdicts}.`, ...nextStep(judged, use)];
}

/** How to decide inconclusive metrics; empty if there are none. */
function nextStep(judged: readonly ServerComparison[], use: (option: string) => string): string[] {
  const open = judged.flatMap((comparison) =>
    judgedIn(comparison)
      .filter(({ verdict }) => verdict === 'inconclusive')
      .map(({ moreRounds }) => ({ moreRounds, ...comparison })),
  );
  if (open.length === 0) return [];
  const deciding = open.flatMap(({ moreRounds, baseline, candidate }) =>
    moreRounds === null ? [] : [Math.min(baseline.rounds, candidate.rounds) + moreRounds],
  );
  return deciding.length > 0
    ? [`To decide more, ${use(`--rounds ${Math.max(...deciding)}`)}.`]
    : [
        'More rounds would not decide the inconclusive metrics: the difference is about as large as the margin.',
      ];
}

const withRatio = ({ metric, ratio }: MetricComparison) =>
  `${metricNamed(metric).label} (${formatRatio(ratio!)}×)`;

/**
 * `koa is worse in CPU per event (1.50×), inconclusive in release p99`. Metrics that are the same
 * are only named if all are.
 */
function verdictsOf(comparison: ServerComparison): string {
  const judged = judgedIn(comparison);
  const clauses = verdictOrder.flatMap(({ verdict, words }) => {
    const those = judged.filter((each) => each.verdict === verdict);
    if (those.length === 0 || (verdict === 'same' && those.length < judged.length)) return [];
    const hasRatio = verdict === 'worse' || verdict === 'better';
    return [
      `${words} ${hasRatio ? inALine(those.map(withRatio)) : labelsOf(those.map(({ metric }) => metric))}`,
    ];
  });
  return `${comparison.candidate.server} is ${clauses.join(', ')}`;
}

/** `6 of 8 servers are worse in CPU per event (up to 2.10×: nest)`. */
function verdictsByMetric(judged: readonly ServerComparison[]): string {
  const all = judged.flatMap((comparison) =>
    judgedIn(comparison).map((each) => ({ server: comparison.candidate.server, ...each })),
  );
  const byMetric = Map.groupBy(all, ({ metric }) => metric);
  const clauses = [...byMetric].flatMap(([metric, compared]) =>
    (['worse', 'better'] as const).flatMap((verdict) => {
      const those = compared
        .filter((each) => each.verdict === verdict)
        .toSorted((a, b) => a.ratio! - b.ratio!);
      const most = verdict === 'worse' ? those.at(-1) : those[0];
      const bound = verdict === 'worse' ? 'up to' : 'down to';
      return most
        ? [
            `${those.length} of ${compared.length} servers ${those.length === 1 ? 'is' : 'are'} ${verdict} in ${metricNamed(metric).label} (${bound} ${formatRatio(most.ratio!)}×: ${most.server})`,
          ]
        : [];
    }),
  );
  const isOpen = all.some(({ verdict }) => verdict === 'inconclusive');
  if (clauses.length > 0)
    return `${clauses.join('. ')}${isOpen ? '. Some metrics are inconclusive' : ''}`;
  const metrics = labelsOf([...byMetric.keys()]);
  return isOpen
    ? `no server is better or worse, but some metrics are inconclusive`
    : `all ${judged.length} servers are the same in ${metrics}`;
}
