/** Data for the charts of the page. Pure; plain JSON. */
import { metrics } from '../../metrics/metrics.ts';
import type { RunResult } from '../../result/run-result.ts';
import { loadOf } from '../../scenario/scenario.ts';
import type { ServerComparison } from '../../verdict/comparison.ts';
import type { Curve } from '../../verdict/curves.ts';
import type { FigureOfServers } from '../../verdict/figures.ts';
import type { Findings } from '../../verdict/findings.ts';
import { lineStylesOf, type LineStyle } from './colors.ts';
import { overTime, type OverTime } from './over-time.ts';
import { shortNames } from './short-names.ts';

export interface PageData {
  servers: ServerOnPage[];
  curves: Curve[];
  figures: HeadlineFigure[];
  ratios: { against: string; rows: RatioRow[] } | null;
  overTime: OverTime | null;
  /** The loads that a search tried, once for each try. */
  tries: { unit: string; rows: TryRow[] } | null;
}

interface ServerOnPage extends LineStyle {
  name: string;
  /** The name in charts: at most 24 characters. */
  short: string;
}

/** A metric of the short table, for all servers that have it. */
export interface HeadlineFigure {
  metric: string;
  label: string;
  unit: string;
  moreIsBetter: boolean;
  rows: FigureOfServers['rows'];
}

export interface TryRow {
  server: string;
  load: number;
  /** Number of earlier tries of the same load. */
  before: number;
  holds: boolean;
  why: string;
}

export interface RatioRow {
  metric: string;
  margin: number;
  server: string;
  ratio: number;
  low: number;
  high: number;
  verdict: string;
}

export function pageData(result: RunResult, { curves, figures, comparisons }: Findings): PageData {
  return {
    servers: serversOf(result.servers),
    curves: curves.map(shortened),
    figures: figures.flatMap((figure) => headlineFigure(figure) ?? []),
    ratios: ratiosOf(result.against, comparisons),
    overTime: overTime(result),
    tries: triesOf(result),
  };
}

function serversOf(names: readonly string[]): ServerOnPage[] {
  const short = shortNames(names);
  return lineStylesOf(names).map((look, place) => ({
    name: names[place]!,
    short: short[place]!,
    ...look,
  }));
}

/** Rounds the values to the precision that a chart can show. */
const shortened = (curve: Curve): Curve => ({
  ...curve,
  lines: curve.lines.map(({ points, ...line }) => ({
    ...line,
    points: points.map(([share, ms]) => [rounded(share, 8), rounded(ms, 4)]),
  })),
});

function headlineFigure({ metric, rows }: FigureOfServers): HeadlineFigure | undefined {
  // A metric that is 0 for every server needs no chart: the table shows it well enough.
  return rows.some(({ high }) => high > 0)
    ? {
        metric: metric.name,
        label: metric.label,
        unit: metric.unit,
        moreIsBetter: metric.moreIsBetter === true,
        rows,
      }
    : undefined;
}

function ratiosOf(
  against: string | null,
  comparisons: readonly ServerComparison[],
): PageData['ratios'] {
  if (against === null) return null;
  const rows = comparisons.flatMap(({ candidate, metrics: compared }) =>
    compared.flatMap(({ metric, ratio, interval, verdict }): RatioRow[] => {
      const { label, primary } = metrics.find(({ name }) => name === metric)!;
      return interval && ratio !== null && verdict
        ? [
            {
              metric: label,
              margin: primary!.margin,
              server: candidate.server,
              ratio,
              ...interval,
              verdict,
            },
          ]
        : [];
    }),
  );
  return rows.length > 0 ? { against, rows } : null;
}

function triesOf({ capacity, scenario }: RunResult): PageData['tries'] {
  const rows = capacity.flatMap(({ server, steps }) => {
    const tried = new Map<number, number>();
    return steps.map(({ load, holds, why }): TryRow => {
      const before = tried.get(load) ?? 0;
      tried.set(load, before + 1);
      return { server, load, holds, why, before };
    });
  });
  return rows.length > 0
    ? {
        unit:
          loadOf(scenario, 'search')?.of === 'rate'
            ? 'events per second on each stream'
            : 'streams',
        rows,
      }
    : null;
}

const rounded = (value: number, digits: number) => Number(value.toPrecision(digits));
