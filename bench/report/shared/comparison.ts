/** Describes comparisons of servers in words and tables. */
import type { Metric } from '../../metrics/metric.ts';
import { primaryMetrics } from '../../metrics/metrics.ts';
import type { ServerComparison } from '../../verdict/comparison.ts';
import type { MetricComparison, Verdict } from '../../verdict/metric-comparison.ts';
import { excludedOf, gapOf, judgedIn, metricNamed } from './comparison-gaps.ts';
import { formatRatio, formatSpread, inALine, withUnit } from './format.ts';
import type { Column } from './text-table.ts';

/** The order in which verdicts are reported. */
export const verdictOrder: readonly { verdict: Verdict; words: string }[] = [
  { verdict: 'worse', words: 'worse in' },
  { verdict: 'better', words: 'better in' },
  { verdict: 'inconclusive', words: 'inconclusive in' },
  { verdict: 'same', words: 'the same in' },
];

/** `1.40× (1.36–1.44)`: the ratio to the baseline, with its interval if there is one. */
export function ratioText({ ratio, interval }: MetricComparison): string {
  if (ratio === null) return '–';
  return `${formatRatio(ratio)}×${interval ? ` (${formatRatio(interval.low)}–${formatRatio(interval.high)})` : ''}`;
}

/**
 * Compares the servers of a run with one of them: a row for each server, a column for each judged
 * metric.
 */
export function againstTable(comparisons: readonly ServerComparison[]): [Column, ...Column[]] {
  const own = primaryMetrics.filter(({ name }) =>
    comparisons.some(({ metrics: compared }) => compared.some(({ metric }) => metric === name)),
  );
  const cell = ({ metrics: compared }: ServerComparison, { name }: Metric) => {
    const found = compared.find(({ metric }) => metric === name);
    return found ? [ratioText(found), ...(found.verdict ? [found.verdict] : [])].join(' ') : '–';
  };
  return [
    { title: ['server'], cells: comparisons.map(({ candidate }) => candidate.server) },
    ...own.map((metric) => ({
      title: [metric.label],
      cells: comparisons.map((comparison) => cell(comparison, metric)),
    })),
  ];
}

/**
 * Compares one server before and after: a row for each metric that both have, the judged ones
 * first.
 */
export function metricsTable({
  judged,
  metrics: compared,
}: ServerComparison): [Column, ...Column[]] {
  const isPrimary = ({ metric }: MetricComparison) => judged.includes(metric);
  const rows = [...compared.filter(isPrimary), ...compared.filter((each) => !isPrimary(each))];
  const column = (title: string, cell: (row: MetricComparison) => string) => ({
    title: [title],
    cells: rows.map(cell),
  });
  return [
    column('metric', ({ metric }) => withUnit(metricNamed(metric).label, metricNamed(metric).unit)),
    column('baseline', ({ baseline }) => formatSpread(baseline)),
    column('candidate', ({ candidate }) => formatSpread(candidate)),
    column('ratio', ratioText),
    column('verdict', ({ verdict }) => verdict ?? ''),
  ];
}

export const hasVerdict = (comparison: ServerComparison): boolean =>
  judgedIn(comparison).length > 0;

/** Whether the comparison lacks a verdict, or is inconclusive for at least one metric. */
const isOpen = (comparison: ServerComparison): boolean =>
  gapOf(comparison) !== undefined ||
  comparison.metrics.some(({ verdict }) => verdict === 'inconclusive');

/** The verdicts that are open, and the rounds that were left out. */
export const openSentences = (comparisons: readonly ServerComparison[]): string[] => [
  ...verdictSentences(comparisons.filter(isOpen)),
  ...new Set(comparisons.flatMap(leftOut)),
];

/** Gaps with their reasons, then the verdicts. Servers with the same sentence share it. */
export function verdictSentences(comparisons: readonly ServerComparison[]): string[] {
  const said = comparisons.map((comparison) => {
    const { baseline, candidate } = comparison;
    const gap = gapOf(comparison);
    const judged = judgedIn(comparison);
    return {
      who: candidate.server,
      against: candidate.server === baseline.server ? '' : ` against ${baseline.server}`,
      what: [
        ...(gap ? [`${gap.title.toLowerCase()}: ${gap.why}`] : []),
        ...(judged.length > 0 ? [verdictsInWords(judged)] : []),
      ].join('; '),
    };
  });
  return [...Map.groupBy(said, ({ against, what }) => `${against}: ${what}.`)].map(
    ([rest, same]) => `${inALine(same.map(({ who }) => who))}${rest}`,
  );
}

function verdictsInWords(judged: readonly MetricComparison[]): string {
  const detail = ({ verdict, moreRounds }: MetricComparison) => {
    if (verdict !== 'inconclusive') return '';
    return moreRounds === null
      ? '; more rounds would not decide'
      : `; about ${moreRounds} more rounds of each would decide`;
  };
  const figures = ({ ratio, interval }: MetricComparison) =>
    `${formatRatio(ratio!)}×, ${formatRatio(interval!.low)} to ${formatRatio(interval!.high)}`;
  const of = (all: readonly MetricComparison[]) =>
    inALine(
      all.map((each) => `${metricNamed(each.metric).label} (${figures(each)}${detail(each)})`),
    );
  return verdictOrder
    .flatMap(({ verdict, words }) => {
      const same = judged.filter((each) => each.verdict === verdict);
      return same.length > 0 ? [`${words} ${of(same)}`] : [];
    })
    .join('; ');
}

/** A sentence for each side with rounds that were left out of the comparison. */
export const leftOut = ({ baseline, candidate }: ServerComparison): string[] =>
  [
    { side: baseline, role: 'baseline ' },
    { side: candidate, role: 'candidate ' },
  ].flatMap(({ side, role }) => {
    const excluded = excludedOf(side);
    const name = `${baseline.server === candidate.server ? role : ''}${side.server}`;
    return excluded ? [`Excluded rounds of ${name}: ${excluded}.`] : [];
  });

/** Explains the intervals, and which differences count in these comparisons. */
export function comparisonBasis(comparisons: readonly ServerComparison[]): string {
  const judged = primaryMetrics.filter(({ name }) =>
    comparisons.some((comparison) => comparison.judged.includes(name)),
  );
  const margins = Map.groupBy(judged, ({ primary }) => primary!.margin);
  const words = [...margins].map(
    ([margin, same]) =>
      `${Math.round(100 * margin)} % for ${inALine(same.map(({ label }) => label))}`,
  );
  return `Ratio of all rounds together (95 % interval). Better or worse: the whole interval lies beyond the margin. Same: it lies within the margin. Margins: ${words.join(', ')}.`;
}
