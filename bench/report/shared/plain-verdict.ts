/** Describes a comparison in one paragraph: a sentence for each figure that decides a verdict. */
import { primaryMetrics } from '../../metrics/metrics.ts';
import type { ServerComparison } from '../../verdict/comparison.ts';
import { leastRounds, type MetricComparison } from '../../verdict/metric-comparison.ts';
import { hasVerdict, inALine } from './comparison.ts';
import { formatRatio } from './format.ts';

/** Servers with the same verdict share a sentence and are not ranked. */
export function plainVerdict(comparisons: readonly ServerComparison[]): string[] {
  const [first] = comparisons;
  if (!first) return [];
  if (!comparisons.some(hasVerdict))
    return [
      `Which servers differ cannot be said from so few valid rounds: it takes ${leastRounds} of each.`,
    ];
  const against = first.baseline.server;
  const sentences = primaryMetrics.flatMap(({ name, label }) => {
    const compared = comparisons.flatMap(({ candidate, metrics }) => {
      const found = metrics.find(({ metric, verdict }) => metric === name && verdict !== null);
      return found ? [{ server: candidate.server, ...found }] : [];
    });
    if (compared.length === 0) return [];
    const rank = compared.some(({ verdict }) => verdict === 'worse' || verdict === 'better')
      ? 0
      : compared.some(({ verdict }) => verdict === 'same')
        ? 1
        : 2;
    return [{ rank, text: `${capital(label)}, against ${against}: ${clauses(compared)}.` }];
  });
  // Differences come first, inconclusive figures last.
  return sentences.toSorted((a, b) => a.rank - b.rank).map(({ text }) => text);
}

type Compared = MetricComparison & { server: string };

function clauses(compared: readonly Compared[]): string {
  const of = (verdict: MetricComparison['verdict']) =>
    compared.filter((each) => each.verdict === verdict);
  const times = ({ server, ratio, interval }: Compared) =>
    `${server} ${formatRatio(ratio!)} times (${formatRatio(interval!.low)} to ${formatRatio(interval!.high)})`;
  const names = (all: readonly Compared[]) => inALine(all.map(({ server }) => server));
  const [worse, better, same, open] = [of('worse'), of('better'), of('same'), of('inconclusive')];
  return [
    ...(worse.length > 0 ? [`${inALine(worse.map(times))}, which is worse`] : []),
    ...(better.length > 0 ? [`${inALine(better.map(times))}, which is better`] : []),
    ...(same.length > 0 ? [`${names(same)} ${same.length > 1 ? 'are' : 'is'} the same`] : []),
    ...(open.length > 0 ? [`of ${names(open)} these rounds do not tell`] : []),
  ].join('; ');
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
