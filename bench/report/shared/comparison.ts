/** Describes comparisons of servers in words and tables. */
import type { Metric } from '../../metrics/metric.ts';
import { metrics, primaryMetrics } from '../../metrics/metrics.ts';
import type { ServerComparison, Side } from '../../verdict/comparison.ts';
import {
  leastRounds,
  type MetricComparison,
  type Verdict,
} from '../../verdict/metric-comparison.ts';
import { counted, formatRatio, formatSpread, inALine, withUnit } from './format.ts';
import type { Column } from './text-table.ts';

const metricNamed = (name: string): Metric => metrics.find((metric) => metric.name === name)!;

/** `1.40× (1.36–1.44)`: the ratio to the baseline, with its interval if there is one. */
function ratioCell({ ratio, interval }: MetricComparison): string {
  if (ratio === null) return '–';
  return `${formatRatio(ratio)}×${interval ? ` (${formatRatio(interval.low)}–${formatRatio(interval.high)})` : ''}`;
}

/**
 * Compares the servers of a run with one of them: a row for each server, a column for each primary
 * metric.
 */
export function againstTable(comparisons: readonly ServerComparison[]): [Column, ...Column[]] {
  const own = primaryMetrics.filter(({ name }) =>
    comparisons.some(({ metrics: compared }) => compared.some(({ metric }) => metric === name)),
  );
  const cell = ({ metrics: compared }: ServerComparison, { name }: Metric) => {
    const found = compared.find(({ metric }) => metric === name);
    return found ? [ratioCell(found), ...(found.verdict ? [found.verdict] : [])].join(' ') : '–';
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
 * Compares one server before and after: a row for each metric that both have, the primary ones
 * first.
 */
export function metricsTable({ metrics: compared }: ServerComparison): [Column, ...Column[]] {
  const isPrimary = ({ metric }: MetricComparison) => metricNamed(metric).primary !== undefined;
  const rows = [...compared.filter(isPrimary), ...compared.filter((each) => !isPrimary(each))];
  const column = (title: string, cell: (row: MetricComparison) => string) => ({
    title: [title],
    cells: rows.map(cell),
  });
  return [
    column('metric', ({ metric }) => withUnit(metricNamed(metric).label, metricNamed(metric).unit)),
    column('baseline', ({ baseline }) => formatSpread(baseline)),
    column('candidate', ({ candidate }) => formatSpread(candidate)),
    column('ratio', ratioCell),
    column('verdict', ({ verdict }) => verdict ?? ''),
  ];
}

export const hasVerdict = ({ metrics: compared }: ServerComparison): boolean =>
  compared.some(({ verdict }) => verdict !== null);

/** Whether the comparison has no verdict at all, or is inconclusive for at least one metric. */
export const isOpen = (comparison: ServerComparison): boolean =>
  !hasVerdict(comparison) || comparison.metrics.some(({ verdict }) => verdict === 'inconclusive');

/** The verdicts, or why there is none. */
export function verdictSentence({
  baseline,
  candidate,
  metrics: compared,
}: ServerComparison): string {
  const who =
    candidate.server === baseline.server
      ? candidate.server
      : `${candidate.server} against ${baseline.server}`;
  const judged = compared.filter(({ verdict }) => verdict !== null);
  return `${who}: ${judged.length > 0 ? verdictsInWords(judged) : whyNoVerdict(baseline, candidate)}.`;
}

/** The order in which verdicts are reported. */
const inWords: [Verdict, string][] = [
  ['worse', 'worse in'],
  ['better', 'better in'],
  ['same', 'the same in'],
  ['inconclusive', 'inconclusive in'],
];

function verdictsInWords(judged: readonly MetricComparison[]): string {
  const detail = ({ verdict, moreRounds }: MetricComparison) => {
    if (verdict !== 'inconclusive') return '';
    return moreRounds === null
      ? '; more rounds would not decide'
      : `; about ${moreRounds} more rounds would decide`;
  };
  const figures = ({ ratio, interval }: MetricComparison) =>
    `${formatRatio(ratio!)}×, ${formatRatio(interval!.low)} to ${formatRatio(interval!.high)}`;
  const of = (all: readonly MetricComparison[]) =>
    inALine(
      all.map((each) => `${metricNamed(each.metric).label} (${figures(each)}${detail(each)})`),
    );
  return inWords
    .flatMap(([verdict, words]) => {
      const same = judged.filter((each) => each.verdict === verdict);
      return same.length > 0 ? [`${words} ${of(same)}`] : [];
    })
    .join('; ');
}

function whyNoVerdict(baseline: Side, candidate: Side): string {
  const rounds = Math.min(baseline.rounds, candidate.rounds);
  if (rounds >= leastRounds)
    return `no verdict: they share none of the judged metrics (${inALine(primaryMetrics.map(({ label }) => label))})`;
  const fewer = baseline.rounds < candidate.rounds ? 'baseline' : 'candidate';
  return `no verdict: the ${fewer} has ${counted(rounds, 'valid round')}, and verdicts need ${leastRounds}`;
}

/** A sentence for each server with rounds or figures that were left out of the comparison. */
export function leftOut({ baseline, candidate, lost: figures }: ServerComparison): string[] {
  const named = ({ server }: Side, role: string) =>
    baseline.server === candidate.server ? `${role} ${server}` : server;
  const gone =
    figures.length === 0
      ? []
      : [
          `${candidate.server} has no ${inALine(figures.map((name) => metricNamed(name).label))}, which the baseline has.`,
        ];
  return [
    ...gone,
    ...[
      { side: baseline, role: 'baseline' },
      { side: candidate, role: 'candidate' },
    ].flatMap(({ side, role }) => {
      const { invalidRounds, failedRounds } = side;
      const lost = [
        ...(invalidRounds > 0 ? [`${invalidRounds} invalid`] : []),
        ...(failedRounds > 0 ? [`${failedRounds} failed`] : []),
      ];
      return lost.length > 0
        ? [`Excluded rounds of ${named(side, role)}: ${lost.join(' and ')}.`]
        : [];
    }),
  ];
}

/** Explains the intervals, and which differences count. */
export function comparisonBasis(): string {
  const margins = Map.groupBy(primaryMetrics, ({ primary }) => primary!.margin);
  const words = [...margins].map(
    ([margin, same]) =>
      `${Math.round(100 * margin)} % for ${inALine(same.map(({ label }) => label))}`,
  );
  return `Ratio of all rounds together (95 % interval). Better or worse: the whole interval lies beyond the margin. Same: it lies within the margin. Margins: ${words.join(', ')}.`;
}
