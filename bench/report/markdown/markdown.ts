/** The result as a Markdown page: the conclusion, the table, and every figure with its meaning. */
import { headlineMetrics } from '../../metrics/headline.ts';
import { metricGroups, type Metric } from '../../metrics/metric.ts';
import { metrics } from '../../metrics/metrics.ts';
import type { ServerSummary } from '../../metrics/summary.ts';
import type { RunResult } from '../../result/run-result.ts';
import type { Findings } from '../../verdict/findings.ts';
import { conclusionOf } from '../conclusion/conclusion.ts';
import { openComparisons } from '../conclusion/open-comparisons.ts';
import { byEventTable, byEventTitle } from '../shared/by-event.ts';
import { capacityLines } from '../shared/capacity.ts';
import {
  againstTable,
  comparisonBasis,
  hasVerdict,
  leftOut,
  verdictSentences,
} from '../shared/comparison.ts';
import { markdownCode, markdownText } from '../shared/escape.ts';
import { formatSpread, withUnit } from '../shared/format.ts';
import { leakRows } from '../shared/leak-rows.ts';
import { compressionLines, remarks } from '../shared/remarks.ts';
import { cellWithoutFigures, doubtLines, failuresOf, rowTitle } from '../shared/round-words.ts';
import { describeEnvironment, describeScenario } from '../shared/scenario-words.ts';
import { knownOf, linuxNote, tableNotes, type OnSystem } from '../shared/table-notes.ts';
import type { Column } from '../shared/text-table.ts';
import { tooFewNotes } from '../shared/too-few.ts';
import { trendLines } from '../shared/trends.ts';
import { describeKindVerdict, describeThreshold } from '../shared/verdict-words.ts';

export const groupTitles: Record<(typeof metricGroups)[number], string> = {
  latency: 'Latency',
  throughput: 'Throughput',
  cost: 'Cost to the server',
  'clean-up': 'Clean-up after disconnect',
  audit: 'Counts of streams and events',
  generator: 'Load generator and machine',
};

export function markdownReport(result: RunResult, findings: Findings): string {
  const { summaries } = findings;
  const columns = knownOf(headlineMetrics(result), summaries, result);
  const groups = summaries.some(({ measuredRounds }) => measuredRounds > 0) ? metricGroups : [];
  return (
    [
      `# ${markdownText(result.name)}`,
      ...conclusionOf(result, findings).map(({ text }) => `**${markdownText(text)}**`),
      ...(columns.length > 0
        ? [
            markdownTable(columns, summaries),
            ...tableNotes(columns, summaries, result).map(markdownText),
          ]
        : []),
      ...byEvent(summaries),
      ...bullets('Compressed streams', summaries.flatMap(compressionLines)),
      ...comparison(result, findings),
      ...bullets('Verdicts', findings.kindVerdicts.map(describeKindVerdict)),
      ...bullets('Expectations', findings.thresholds.map(describeThreshold)),
      ...problems(summaries, result),
      ...bullets('Capacity', capacityLines(result)),
      ...bullets('Trends', trendLines(findings.trends)),
      ...leaks(result),
      '## Conditions',
      markdownText(
        `${result.startedAt.slice(0, 16).replace('T', ' ')} UTC. ${describeScenario(result.scenario)}; seed ${result.scenario.seed}.`,
      ),
      `${markdownText(describeEnvironment(result.environment))}.`,
      `Versions: ${markdownText(
        Object.entries(result.environment.packages)
          .map(([name, version]) => `${name} ${version}`)
          .join(', '),
      )}.`,
      `Repeat with:\n\n${markdownCode([result.command])}`,
      ...groups.flatMap((group) => section(group, result, summaries)),
    ].join('\n\n') + '\n'
  );
}

/** The metrics of a group that at least one server has, or would have on Linux. */
export const shownOf = (
  group: Metric['group'],
  summaries: readonly ServerSummary[],
  result: OnSystem,
): Metric[] =>
  knownOf(
    metrics.filter((metric) => metric.group === group),
    summaries,
    result,
  );

function section(
  group: Metric['group'],
  result: RunResult,
  summaries: readonly ServerSummary[],
): string[] {
  const own = shownOf(group, summaries, result);
  // A table with 30 columns is unreadable. So each distribution has its own table, and one table
  // has the other metrics.
  const distributions = Map.groupBy(own, ({ name }) => name.split('.')[0] ?? name);
  const tables = [...distributions.values()].filter((columns) => columns.length > 1);
  const singles = [...distributions.values()].filter((columns) => columns.length === 1).flat();
  if (own.length === 0) return [];
  return [
    `## ${groupTitles[group]}`,
    ...tables.flatMap((columns) => [
      `**${columns[0]!.label.replace(/ p50$/, '')}**, ms. ${columns[0]!.definition}`,
      markdownTable(columns, summaries, ({ name }) => name.slice(name.indexOf('.') + 1)),
      ...tooFewNotes(columns, summaries, result.scenario).map(markdownText),
    ]),
    ...(singles.length > 0
      ? [
          markdownTable(singles, summaries),
          ...linuxNote(singles, result),
          singles.map(({ label, definition }) => `- **${label}**: ${definition}`).join('\n'),
        ]
      : []),
  ];
}

function byEvent(summaries: readonly ServerSummary[]): string[] {
  const table = byEventTable(summaries);
  return table ? [`## ${byEventTitle}`, markdownColumns(table)] : [];
}

function comparison(result: RunResult, findings: Findings): string[] {
  const { against } = result;
  const comparisons = openComparisons(result, findings);
  if (against === null || comparisons.length === 0) return [];
  const sentences = [...verdictSentences(comparisons), ...new Set(comparisons.flatMap(leftOut))];
  return [
    `## Compared with ${markdownText(against)}`,
    ...(comparisons.some(hasVerdict)
      ? [markdownColumns(againstTable(comparisons)), comparisonBasis(comparisons)]
      : []),
    sentences.map((sentence) => `- ${markdownText(sentence)}`).join('\n'),
  ];
}

/**
 * Formats columns of text as a table.
 *
 * @param align of all columns but the first, which is aligned to the left
 */
export function markdownColumns(
  [names, ...columns]: readonly [Column, ...Column[]],
  align: '---' | '--:' = '--:',
): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    row([names, ...columns].map(({ title }) => title.join(' '))),
    row(['---', ...columns.map(() => align)]),
    ...names.cells.map((name, index) =>
      row([name, ...columns.map(({ cells }) => cells[index]!)].map(markdownText)),
    ),
  ].join('\n');
}

/** A table of servers and metrics. The README uses it too. */
export function markdownTable(
  columns: readonly Metric[],
  summaries: readonly ServerSummary[],
  title: (metric: Metric) => string = ({ label, unit }) => withUnit(label, unit),
): string {
  const cell = (summary: ServerSummary, { name }: Metric) =>
    summary.measuredRounds === 0
      ? cellWithoutFigures(summary)
      : formatSpread(summary.figures.get(name));
  return markdownColumns([
    { title: ['server'], cells: summaries.map(rowTitle) },
    ...columns.map((metric) => ({
      title: [title(metric)],
      cells: summaries.map((summary) => cell(summary, metric)),
    })),
  ]);
}

function problems(summaries: readonly ServerSummary[], result: RunResult): string[] {
  const doubted = summaries.flatMap(doubtLines).map((line) => `- ${markdownText(line)}`);
  const remarked = summaries
    .flatMap((each) => remarks(each, result))
    .map((remark) => `- ${markdownText(remark)}`);
  const rounds = summaries
    .flatMap(failuresOf)
    .flatMap(({ line, stderr }) => [
      `**${markdownText(line)}**`,
      ...(stderr.length > 0 ? [`Its last output on stderr:\n\n${markdownCode(stderr)}`] : []),
    ]);
  return [
    ...(doubted.length > 0 ? ['## Invalid rounds', doubted.join('\n')] : []),
    ...(remarked.length > 0 ? ['## Problems', remarked.join('\n')] : []),
    ...(rounds.length > 0 ? ['## Failed rounds', ...rounds] : []),
  ];
}

const bullets = (title: string, lines: readonly string[]) =>
  lines.length > 0
    ? [`## ${title}`, lines.map((line) => `- ${markdownText(line)}`).join('\n')]
    : [];

function leaks({ leaks: verdicts }: RunResult): string[] {
  const findings = leakRows(verdicts);
  if (findings.length === 0) return [];
  const column = (title: string, cells: string[]) => ({ title: [title], cells });
  return [
    '## Leaks after streams close',
    markdownColumns([
      column(
        'server',
        findings.map(({ server }) => server),
      ),
      column(
        'disconnect mode',
        findings.map(({ mode }) => mode),
      ),
      column(
        'found',
        findings.map(({ text }) => text),
      ),
      column(
        'what to change',
        findings.map(({ remedy }) => remedy),
      ),
    ]),
  ];
}
