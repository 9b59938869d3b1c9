/** What the charts of the page are drawn from. Pure; plain JSON. */
import type { HistogramName } from '../../result/histogram-names.ts';
import { decodeDurations, samplesNeeded } from '../../measure/histogram.ts';
import { distributions } from '../../metrics/distributions.ts';
import { metrics } from '../../metrics/metrics.ts';
import type { Metric, Readings } from '../../metrics/metric.ts';
import { overRounds } from '../../metrics/over-rounds.ts';
import { spreadOf } from '../../metrics/summary.ts';
import type { RunResult } from '../../result/run-result.ts';
import { loadOf } from '../../scenario/scenario.ts';
import { randomFrom } from '../../statistics/random.ts';
import { bootstrapInterval } from '../../statistics/bootstrap.ts';
import { measuredOf, type ServerComparison } from '../../verdict/comparison.ts';
import { leastRounds } from '../../verdict/metric-comparison.ts';
import { headlineMetrics } from '../shared/headline.ts';
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
  /** With its 95 % interval over rounds; of fewer rounds than it takes for one, their range. */
  rows: { server: string; value: number; low: number; high: number; isInterval: boolean }[];
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

/** @param comparisons with the server that the others are compared with */
export function pageData(result: RunResult, comparisons: readonly ServerComparison[]): PageData {
  const measured = result.targets
    .map((server) => measuredOf(result, server))
    .filter(({ readings }) => readings.length > 0);
  return {
    servers: result.targets.map((name, place) => ({ name, ...lookOf(place) })),
    curves: distributions.flatMap((distribution) => curveOf(distribution, measured) ?? []),
    figures: headlineMetrics(result)
      .filter(({ group }) => group !== 'audit')
      .flatMap((metric) => figureOf(metric, measured) ?? []),
    ratios: ratiosOf(result.against, comparisons),
    overTime: overTime(result),
    tries: triesOf(result),
  };
}

type Measured = ReturnType<typeof measuredOf>;

/** Each step makes the rest a bit more than a tenth smaller. */
const stepsOfTen = 20;
const deepest = 6 * stepsOfTen;

function curveOf(
  { histogram, label, definition }: (typeof distributions)[number],
  measured: readonly Measured[],
): Curve | undefined {
  const lines = measured.flatMap(({ server, readings }) => {
    const durations = decodeDurations(
      readings.flatMap(({ histograms }) => histograms[histogram] ?? []),
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

function figureOf(metric: Metric, measured: readonly Measured[]): HeadlineFigure | undefined {
  const rows = measured.flatMap(({ server, readings }) => {
    const figure = withInterval(metric, readings);
    return figure ? [{ server, ...figure }] : [];
  });
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

/** Fixed, so that the same result is always the same page. */
const seed = 1;

function withInterval(
  metric: Metric,
  readings: readonly Readings[],
): Omit<HeadlineFigure['rows'][number], 'server'> | undefined {
  const over = overRounds(metric, readings);
  const spread = spreadOf(readings.map(metric.of));
  if (!over || !spread) return undefined;
  if (readings.length < leastRounds)
    return { value: spread.median, low: spread.min, high: spread.max, isInterval: false };
  const interval = bootstrapInterval([over.rounds], (drawn) => over.together(drawn), {
    random: randomFrom(seed),
  });
  return { value: over.together(over.rounds), ...interval, isInterval: true };
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
