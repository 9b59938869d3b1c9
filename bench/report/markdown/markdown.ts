/** The result as a Markdown page: every figure, and what it means. */
import { metricGroups, type Metric } from '../../metrics/metric.ts';
import { metrics } from '../../metrics/metrics.ts';
import { headlineMetrics } from '../../metrics/headline.ts';
import type { ServerSummary } from '../../metrics/summary.ts';
import type { RunResult } from '../../result/run-result.ts';
import type { Findings } from '../../verdict/findings.ts';
import {
  againstTable,
  comparisonBasis,
  hasVerdict,
  leftOut,
  verdictSentence,
} from '../shared/comparison.ts';
import { markdownCode, markdownText } from '../shared/escape.ts';
import { formatSpread, withUnit } from '../shared/format.ts';
import { capacityLines } from '../shared/capacity.ts';
import { leakFindings } from '../shared/leak-findings.ts';
import type { Column } from '../shared/text-table.ts';
import { trendLines } from '../shared/trends.ts';
import {
  cellWithoutFigures,
  compressionLines,
  describeEnvironment,
  describeFailure,
  describeScenario,
  describeStatus,
  describeKindVerdict,
  describeThreshold,
  doubtLines,
  remarks,
  rowTitle,
} from '../shared/sentences.ts';

export const groupTitles: Record<(typeof metricGroups)[number], string> = {
  latency: 'Latency',
  throughput: 'Throughput',
  cost: 'Cost to the server',
  'clean-up': 'Clean-up after the disconnect',
  audit: 'Streams and events, counted',
  generator: 'The generators, and the machine',
};

export function markdownReport(result: RunResult, findings: Findings): string {
  const { summaries } = findings;
  const status = describeStatus(result);
  const groups = summaries.some(({ measuredRounds }) => measuredRounds > 0) ? metricGroups : [];
  return (
    [
      `# ${markdownText(result.name)}`,
      ...(status ? [`**${status}**`] : []),
      markdownText(
        `${result.startedAt.slice(0, 16).replace('T', ' ')} UTC. ${describeScenario(result.scenario)}; seed ${result.scenario.seed}.`,
      ),
      `${markdownText(describeEnvironment(result.environment))}.`,
      `Versions: ${markdownText(
        Object.entries(result.environment.packages)
          .map(([name, version]) => `${name} ${version}`)
          .join(', '),
      )}.`,
      `Repeat it with:\n\n${markdownCode([result.command])}`,
      '## In short',
      markdownTable(headlineMetrics(result), summaries),
      'Medians of the rounds, in brackets their range.',
      ...bullets('Compressed streams', summaries.flatMap(compressionLines)),
      ...comparison(result, findings),
      ...bullets('Verdicts', findings.kindVerdicts.map(describeKindVerdict)),
      ...thresholds(findings),
      ...problems(summaries),
      ...bullets('How much they sustain', capacityLines(result)),
      ...bullets('With time', trendLines(findings.trends)),
      ...leaks(result),
      ...groups.flatMap((group) =>
        section(shownOf(group, summaries), groupTitles[group], summaries),
      ),
    ].join('\n\n') + '\n'
  );
}

/** The metrics of a group that at least one server has. */
export const shownOf = (group: Metric['group'], summaries: readonly ServerSummary[]): Metric[] =>
  metrics.filter(
    (metric) =>
      metric.group === group &&
      summaries.some(({ figures }) => figures.get(metric.name) !== undefined),
  );

function section(
  own: readonly Metric[],
  title: string,
  summaries: readonly ServerSummary[],
): string[] {
  // A table with 30 columns is unreadable. So each distribution has its own table, and one table
  // has the other metrics.
  const distributions = Map.groupBy(own, ({ name }) => name.split('.')[0] ?? name);
  const tables = [...distributions.values()].filter((columns) => columns.length > 1);
  const singles = [...distributions.values()].filter((columns) => columns.length === 1).flat();
  if (own.length === 0) return [];
  return [
    `## ${title}`,
    ...tables.flatMap((columns) => [
      `**${columns[0]!.label.replace(/ p50$/, '')}**, ms. ${columns[0]!.definition}`,
      markdownTable(columns, summaries, ({ name }) => name.slice(name.indexOf('.') + 1)),
    ]),
    ...(singles.length > 0
      ? [
          markdownTable(singles, summaries),
          singles.map(({ label, definition }) => `- **${label}**: ${definition}`).join('\n'),
        ]
      : []),
  ];
}

function comparison({ against }: RunResult, { comparisons }: Findings): string[] {
  if (against === null) return [];
  const sentences = [...comparisons.map(verdictSentence), ...new Set(comparisons.flatMap(leftOut))];
  return [
    `## Against ${markdownText(against)}`,
    ...(comparisons.some(hasVerdict)
      ? [markdownColumns(againstTable(comparisons)), comparisonBasis()]
      : []),
    sentences.map((sentence) => `- ${markdownText(sentence)}`).join('\n'),
  ];
}

function thresholds({ thresholds: verdicts }: Findings): string[] {
  return verdicts.length > 0
    ? [
        '## What was expected',
        verdicts.map((verdict) => `- ${markdownText(describeThreshold(verdict))}`).join('\n'),
      ]
    : [];
}

/** Formats columns of text as a table. */
export function markdownColumns([names, ...columns]: readonly [Column, ...Column[]]): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    row([names, ...columns].map(({ title }) => title.join(' '))),
    row(['---', ...columns.map(() => '--:')]),
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

function problems(summaries: readonly ServerSummary[]): string[] {
  const doubted = summaries.flatMap(doubtLines).map((line) => `- ${markdownText(line)}`);
  const remarked = summaries.flatMap(remarks).map((remark) => `- ${markdownText(remark)}`);
  const rounds = summaries.flatMap(({ failedRounds }) =>
    failedRounds.flatMap((round) => [
      `**${markdownText(describeFailure(round))}**`,
      ...(round.stderr.length > 0
        ? [`The last that it wrote to stderr:\n\n${markdownCode(round.stderr)}`]
        : []),
    ]),
  );
  return [
    ...(doubted.length > 0 ? ['## What is not to be believed', doubted.join('\n')] : []),
    ...(remarked.length > 0 ? ['## What is wrong', remarked.join('\n')] : []),
    ...(rounds.length > 0 ? ['## Rounds that failed', ...rounds] : []),
  ];
}

const bullets = (title: string, lines: readonly string[]) =>
  lines.length > 0
    ? [`## ${title}`, lines.map((line) => `- ${markdownText(line)}`).join('\n')]
    : [];

function leaks({ leaks: verdicts }: RunResult): string[] {
  const findings = leakFindings(verdicts);
  if (findings.length === 0) return [];
  const column = (title: string, cells: string[]) => ({ title: [title], cells });
  return [
    '## What servers keep of streams that have gone',
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
