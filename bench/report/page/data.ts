/** What the charts of the page are drawn from. Pure; plain JSON. */
import type { HistogramName } from '../../result/histogram-names.ts';
import { decodeDurations, samplesNeeded } from '../../measure/histogram.ts';
import { distributions } from '../../metrics/distributions.ts';
import { metrics } from '../../metrics/metrics.ts';
import type { ServerRounds } from '../../metrics/server-rounds.ts';
import type { RunResult } from '../../result/run-result.ts';
import { loadOf } from '../../scenario/scenario.ts';
import type { ServerComparison } from '../../verdict/comparison.ts';
import type { FigureOfServers } from '../../verdict/figures.ts';
import type { Findings } from '../../verdict/findings.ts';
import { lookOf, type Look } from './colors.ts';
import { overTime, type OverTime } from './over-time.ts';

export interface PageData {
  servers: ({ name: string } & Look)[];
  curves: Curve[];
  figures: HeadlineFigure[];
  ratios: { against: string; rows: RatioRow[] } | null;
  overTime: OverTime | null;
  /** The loads that were tried in a search, each as often as it was. */
  tries: { unit: string; rows: TryRow[] } | null;
}

/** One distribution, of all servers that have it. */
export interface Curve {
  histogram: HistogramName;
  label: string;
  definition: string;
  /** Of all valid rounds together: pairs of a share of the samples, 0 to 1, and the milliseconds that it does not exceed. */
  lines: { server: string; samples: number; points: [number, number][] }[];
}

/** A metric of the short table, of all servers that have it. */
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
  /** How often it had been tried before. */
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

export function pageData(result: RunResult, { servers, figures, comparisons }: Findings): PageData {
  const measured = servers.filter(({ valid }) => valid.length > 0);
  return {
    servers: result.targets.map((name, place) => ({ name, ...lookOf(place) })),
    curves: distributions.flatMap((distribution) => curveOf(distribution, measured) ?? []),
    figures: figures.flatMap((figure) => headlineFigure(figure) ?? []),
    ratios: ratiosOf(result.against, comparisons),
    overTime: overTime(result),
    tries: triesOf(result),
  };
}

/** Each step makes the rest a bit more than a tenth smaller. */
const stepsOfTen = 20;
const deepest = 6 * stepsOfTen;

function curveOf(
  { histogram, label, definition }: (typeof distributions)[number],
  measured: readonly ServerRounds[],
): Curve | undefined {
  const lines = measured.flatMap(({ server, valid }) => {
    const durations = decodeDurations(
      valid.flatMap(({ histograms }) => histograms[histogram] ?? []),
    );
    if (durations.count === 0) return [];
    const shares = Array.from(
      { length: deepest + 1 },
      (_, step) => 1 - 10 ** (-step / stepsOfTen),
    ).filter((share) => samplesNeeded(share) <= durations.count);
    const points = [...shares, 1].map((share): [number, number] => [
      rounded(share, 8),
      rounded(durations.quantileMs(share)!, 4),
    ]);
    return [{ server, samples: durations.count, points }];
  });
  return lines.length > 0 ? { histogram, label, definition, lines } : undefined;
}

function headlineFigure({ metric, rows }: FigureOfServers): HeadlineFigure | undefined {
  // Of what is nothing everywhere, as it should be, the table says enough.
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
          loadOf(scenario, 'search')?.of === 'rate' ? 'events a second on each stream' : 'streams',
        rows,
      }
    : null;
}

const rounded = (value: number, digits: number) => Number(value.toPrecision(digits));
