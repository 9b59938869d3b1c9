/**
 * Tables of the micro-benchmarks: each case relative to the first of its group, and to an earlier
 * result. Pure.
 */
import { formatNumber, formatRatio } from '../report/shared/format.ts';
import { markdownColumns } from '../report/markdown/markdown.ts';
import { layOut, type Column } from '../report/shared/text-table.ts';
import { spreadOf } from '../metrics/summary.ts';
import { compareMetric, leastRounds, type MetricComparison } from '../verdict/metric-comparison.ts';
import type { MicroResult } from './result.ts';

type Row = MicroResult['rows'][number];

/** Smaller differences are ignored: the same program compiled twice differs by a few per cent. */
const margin = 0.05;

/**
 * Compares the time for one unit, for which more is worse. Several rounds are represented by their
 * median.
 */
function compare(before: Row, after: Row): MetricComparison {
  const overRounds = ({ nsPerUnit }: Row) => ({
    rounds: nsPerUnit,
    together: (drawn: readonly unknown[]) => spreadOf(drawn as number[])!.median,
  });
  return compareMetric(
    { name: 'time', primary: { margin } },
    overRounds(before),
    overRounds(after),
  );
}

function timesCell({ ratio, interval, verdict }: MetricComparison, withVerdict: boolean): string {
  if (ratio === null || interval === null) return `needs ${leastRounds} rounds`;
  return `${formatRatio(ratio)}× (${formatRatio(interval.low)}–${formatRatio(interval.high)})${withVerdict ? ` ${verdict}` : ''}`;
}

/** Units per second, and MB per second for cases that have a size. */
function speedCells({ nsPerUnit, bytesPerUnit, unit }: Row): [string, string] {
  const ns = spreadOf(nsPerUnit)!.median;
  const perSecond = 1e9 / ns;
  return [
    `${formatNumber(Math.round(perSecond / 1_000))}k ${unit}/s`,
    bytesPerUnit > 0
      ? `${formatNumber(Math.round((perSecond * bytesPerUnit) / 2 ** 20))} MB/s`
      : '',
  ];
}

/**
 * @param before an earlier result to compare each case with; without it, the first case of the
 * group is the baseline
 */
function columnsOf({ rows }: MicroResult, before?: MicroResult): [Column, ...Column[]] {
  const shown = before ? rows.filter((row) => earlier(before, row)) : rows;
  const times = (row: Row) => {
    if (before) return timesCell(compare(earlier(before, row)!, row), true);
    const first = shown.find(({ group }) => group === row.group)!;
    return first === row ? '' : timesCell(compare(first, row), false);
  };
  return [
    { title: ['case'], cells: shown.map(({ group, name }) => `${group}: ${name}`) },
    { title: ['speed'], cells: shown.map((row) => speedCells(row)[0]) },
    { title: [''], cells: shown.map((row) => speedCells(row)[1]) },
    {
      title: [before ? 'time relative to before' : 'time relative to the first of its group'],
      cells: shown.map(times),
    },
  ];
}

/**
 * The tables as text.
 *
 * @param before as for `columnsOf`
 */
export function microTable(result: MicroResult, before?: MicroResult): string {
  const [names, ...columns] = columnsOf(result, before);
  return layOut(names, columns, Infinity)
    .map(({ text }) => text)
    .join('\n');
}

/** The tables as Markdown, with the machine and versions that they were measured on. */
export function microSection(result: MicroResult): string {
  const {
    startedAt,
    command,
    environment: { ssebench, node, platform, cores, packages },
  } = result;
  const versions = Object.entries(packages)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ');
  return [
    markdownColumns(columnsOf(result)),
    `Median of ${result.rows[0]!.nsPerUnit.length} rounds (95 % interval). \`${command}\`, ${startedAt.slice(0, 10)}, ssebench ${ssebench}, Node ${node.slice(1)}; ${platform}, ${cores} cores. ${versions}.`,
  ].join('\n\n');
}

const earlier = ({ rows }: MicroResult, { group, name }: Row) =>
  rows.find((row) => row.group === group && row.name === name);
