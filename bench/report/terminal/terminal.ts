/** The result as a table for the terminal. */
import type { Metric } from '../../metrics/metric.ts';
import { headlineMetrics } from '../../metrics/headline.ts';
import type { ServerSummary } from '../../metrics/summary.ts';
import type { RunResult } from '../../result/run-result.ts';
import { terminalText } from '../shared/escape.ts';
import { formatSpread } from '../shared/format.ts';
import { layOut } from '../shared/text-table.ts';
import { trendLines } from '../shared/trends.ts';
import type { Findings } from '../../verdict/findings.ts';
import { leastRounds } from '../../verdict/metric-comparison.ts';
import {
  againstTable,
  comparisonBasis,
  hasVerdict,
  isOpen,
  leftOut,
  verdictSentence,
} from '../shared/comparison.ts';
import { capacityLines } from '../shared/capacity.ts';
import { leaksReport } from './leaks.ts';
import {
  cellWithoutFigures,
  compressionLines,
  describeFailure,
  describeStatus,
  describeKindVerdict,
  describeThreshold,
  doubtLines,
  remarks,
  rowTitle,
} from '../shared/sentences.ts';
import type { TerminalOptions } from '../shared/style.ts';

export function terminalReport(
  result: RunResult,
  findings: Findings,
  { width, style }: TerminalOptions,
): string {
  const { summaries } = findings;
  const table = layOut(
    { title: ['server'], cells: summaries.map(rowTitle) },
    headlineMetrics(result).map((metric) => columnOf(metric, summaries)),
    width,
  );
  const status = describeStatus(result);
  const styled = (format: Parameters<typeof style>[0], line: string) =>
    style(format, terminalText(line));
  return [
    ...table.map(({ title, text }) => (title ? style('bold', text) : text)),
    '',
    `${basis(summaries)}${health(summaries)}`,
    ...summaries.flatMap(compressionLines).map(terminalText),
    ...comparison(result, findings, { width, style }),
    ...kindVerdicts(findings, style),
    ...thresholds(findings, style),
    ...(status ? [styled('yellow', status)] : []),
    ...summaries.flatMap(doubtLines).map((line) => styled('red', line)),
    ...summaries.flatMap(remarks).map((remark) => styled('red', remark)),
    ...capacityLines(result).map((line) => styled('bold', line)),
    ...trendLines(findings.trends).map(terminalText),
    ...summaries.flatMap(({ failedRounds }) =>
      failedRounds.flatMap((round) => [
        styled('red', describeFailure(round)),
        ...round.stderr.map((line) => `    ${terminalText(line)}`),
      ]),
    ),
    ...(result.leaks.length > 0 ? ['', leaksReport(result.leaks, { style })] : []),
  ].join('\n');
}

/** Compares the servers with one of them. With too few rounds, reports only how many are needed. */
function comparison(
  { against, scenario }: RunResult,
  { comparisons }: Findings,
  { width, style }: TerminalOptions,
): string[] {
  if (against === null) return [];
  if (scenario.rounds < leastRounds)
    return [
      `To say which servers differ takes ${leastRounds} valid rounds of each at least: --rounds ${leastRounds}.`,
    ];
  const open = [
    ...comparisons.filter(isOpen).map(verdictSentence),
    ...new Set(comparisons.flatMap(leftOut)),
  ].map(terminalText);
  if (!comparisons.some(hasVerdict)) return open;
  const [names, ...columns] = againstTable(comparisons);
  return [
    '',
    style('bold', `Against ${terminalText(against)}`),
    ...layOut(names, columns, width).map(({ title, text }) => (title ? style('bold', text) : text)),
    '',
    comparisonBasis(),
    ...open,
  ];
}

function kindVerdicts(findings: Findings, style: TerminalOptions['style']): string[] {
  return findings.kindVerdicts.map((verdict) =>
    style(verdict.passed ? 'green' : 'red', terminalText(describeKindVerdict(verdict))),
  );
}

function thresholds(findings: Findings, style: TerminalOptions['style']): string[] {
  return findings.thresholds.map((verdict) =>
    style(verdict.state === 'held' ? 'green' : 'red', terminalText(describeThreshold(verdict))),
  );
}

function columnOf({ name, label, unit }: Metric, summaries: readonly ServerSummary[]) {
  return {
    title: [label, unit],
    cells: summaries.map((summary) =>
      summary.measuredRounds === 0
        ? cellWithoutFigures(summary)
        : formatSpread(summary.figures.get(name)),
    ),
  };
}

/** The rounds that the figures are based on. */
function basis(summaries: readonly ServerSummary[]): string {
  const rounds = Math.max(...summaries.map(({ measuredRounds }) => measuredRounds));
  if (rounds === 0) return 'Nothing was measured.';
  return rounds > 1
    ? `Medians of ${rounds} rounds, in brackets their range.`
    : 'Figures of one round.';
}

/** The worst figures of the generators. */
function health(summaries: readonly ServerSummary[]): string {
  const worst = (name: string) =>
    Math.max(
      ...summaries
        .map(({ figures }) => figures.get(name))
        .map((spread) => (typeof spread === 'object' ? spread.max : 0)),
    );
  const loop = worst('generator-loop');
  return loop > 0 ? ` The generators’ event loops were at most ${Math.round(loop)} % busy.` : '';
}
