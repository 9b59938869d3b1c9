/** The result as text for the terminal: the conclusion, the table, and the details. */
import type { Metric } from '../../metrics/metric.ts';
import { headlineMetrics } from '../../metrics/headline.ts';
import type { ServerSummary } from '../../metrics/summary.ts';
import type { RunResult } from '../../result/run-result.ts';
import type { Findings } from '../../verdict/findings.ts';
import { conclusionOf } from '../conclusion/conclusion.ts';
import { openComparisons } from '../conclusion/open-comparisons.ts';
import { byEventTable, byEventTitle } from '../shared/by-event.ts';
import { capacityLines } from '../shared/capacity.ts';
import { againstTable, comparisonBasis, hasVerdict, openSentences } from '../shared/comparison.ts';
import { terminalText } from '../shared/escape.ts';
import { formatSpread, withUnit } from '../shared/format.ts';
import { compressionLines, remarks } from '../shared/remarks.ts';
import { cellWithoutFigures, doubtLines, failuresOf, rowTitle } from '../shared/round-words.ts';
import type { TerminalOptions } from '../shared/style.ts';
import { knownOf, tableNotes } from '../shared/table-notes.ts';
import { fits, layOut, type Column } from '../shared/text-table.ts';
import { trendLines } from '../shared/trends.ts';
import { describeKindVerdict, describeThreshold } from '../shared/verdict-words.ts';
import { leaksReport } from './leaks.ts';

type Style = TerminalOptions['style'];

export function terminalReport(
  result: RunResult,
  findings: Findings,
  options: TerminalOptions,
): string {
  const { style } = options;
  const { leaks } = result;
  const parts = [
    conclusion(result, findings, style),
    figures(result, findings, options),
    byEvent(findings, options),
    comparison(result, findings, options),
    details(result, findings, style),
    leaks.length > 0 ? [leaksReport(leaks, { style })] : [],
  ];
  return parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function conclusion(result: RunResult, findings: Findings, style: Style): string[] {
  return conclusionOf(result, findings).map(({ text, isProblem }) =>
    style(isProblem ? ['bold', 'red'] : 'bold', terminalText(text)),
  );
}

/** The table, and the notes below it. */
function figures(
  result: RunResult,
  { summaries }: Findings,
  { width, style }: TerminalOptions,
): string[] {
  const columns = knownOf(headlineMetrics(result), summaries, result);
  if (columns.length === 0) return [];
  return [
    ...tableLines(tableOf(columns, summaries, width), width, style),
    '',
    ...tableNotes(columns, summaries, result).map(terminalText),
    ...generatorLoad(summaries),
  ];
}

/** A row for each server. If only one server has more columns than fit, a row for each metric. */
function tableOf(
  columns: readonly Metric[],
  summaries: readonly ServerSummary[],
  width: number,
): [Column, ...Column[]] {
  const names = { title: ['server'], cells: summaries.map(rowTitle) };
  const byServer = columns.map((metric) => columnOf(metric, summaries));
  if (summaries.length > 1 || fits(names, byServer, width)) return [names, ...byServer];
  return [
    { title: names.cells, cells: columns.map(({ label, unit }) => withUnit(label, unit)) },
    { title: [''], cells: byServer.map(({ cells }) => cells[0]!) },
  ];
}

function byEvent({ summaries }: Findings, { width, style }: TerminalOptions): string[] {
  const table = byEventTable(summaries);
  return table ? [style('bold', byEventTitle), ...tableLines(table, width, style)] : [];
}

function tableLines(
  [names, ...columns]: readonly [Column, ...Column[]],
  width: number,
  style: Style,
) {
  return layOut(names, columns, width).map(({ title, text }) =>
    title ? style('bold', text) : text,
  );
}

/** Compares the servers with one of them: the ratios if there are any, and what is open. */
function comparison(
  result: RunResult,
  findings: Findings,
  { width, style }: TerminalOptions,
): string[] {
  const { against } = result;
  const comparisons = openComparisons(result, findings);
  if (against === null || comparisons.length === 0) return [];
  const table = [
    ...tableLines(againstTable(comparisons), width, style),
    '',
    comparisonBasis(comparisons),
  ];
  return [
    style('bold', `Compared with ${terminalText(against)}`),
    ...(comparisons.some(hasVerdict) ? table : []),
    ...openSentences(comparisons).map(terminalText),
  ];
}

function details(result: RunResult, findings: Findings, style: Style): string[] {
  const { summaries } = findings;
  const styled = (format: Parameters<Style>[0], line: string) => style(format, terminalText(line));
  return [
    ...summaries.flatMap(compressionLines).map(terminalText),
    ...findings.kindVerdicts.map((verdict) =>
      styled(verdict.passed ? 'green' : 'red', describeKindVerdict(verdict)),
    ),
    ...findings.thresholds.map((verdict) =>
      styled(verdict.state === 'held' ? 'green' : 'red', describeThreshold(verdict)),
    ),
    ...summaries.flatMap(doubtLines).map((line) => styled('red', line)),
    ...summaries.flatMap((each) => remarks(each, result)).map((remark) => styled('red', remark)),
    ...capacityLines(result).map((line) => styled('bold', line)),
    ...trendLines(findings.trends).map(terminalText),
    ...summaries
      .flatMap(failuresOf)
      .flatMap(({ line, stderr }) => [
        styled('red', line),
        ...stderr.map((each) => `    ${terminalText(each)}`),
      ]),
  ];
}

function columnOf({ name, label, unit }: Metric, summaries: readonly ServerSummary[]): Column {
  return {
    title: [label, unit],
    cells: summaries.map((summary) =>
      summary.measuredRounds === 0
        ? cellWithoutFigures(summary)
        : formatSpread(summary.figures.get(name)),
    ),
  };
}

/** The busiest event loop of all generators, over all rounds. */
function generatorLoad(summaries: readonly ServerSummary[]): string[] {
  const busiest = Math.max(
    ...summaries.map(({ figures: own }) => {
      const spread = own.get('generator-loop');
      return typeof spread === 'object' ? spread.max : 0;
    }),
  );
  return busiest > 0 ? [`The load generator was up to ${Math.round(busiest)} % busy.`] : [];
}
