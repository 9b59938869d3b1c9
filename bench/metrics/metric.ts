/** What a metric is, and what it reads its figures from. */
import { histogramNames, type HistogramName } from '../result/histogram-names.ts';
import type { MeasuredRound } from '../result/run-result.ts';
import { decodeDurations, samplesNeeded, type Durations } from '../measure/histogram.ts';
import { lazily } from './lazily.ts';

/** A number; or nothing, where it cannot be had from this server. */
export type Figure = number | undefined;

/** A KB is 1,024 bytes. */
export type Unit = 'ms' | 'µs' | 'KB' | 'KB/s' | 'MB' | '/s' | '%' | '';

export const metricGroups = [
  'latency',
  'throughput',
  'cost',
  'clean-up',
  'audit',
  'generator',
] as const;

export interface Metric {
  /** Stays the same from version to version: scripts and thresholds refer to it. */
  name: string;
  /** A column's title. */
  label: string;
  unit: Unit;
  group: (typeof metricGroups)[number];
  /** What it means, in one or two sentences. */
  definition: string;
  /** Shown in the short table. */
  headline?: true;
  /** The load that has it, where not every one does, such as `slow readers`. */
  only?: string;
  /** What it takes that a URL may not have: a process that we started, an interval that somebody knows, stamps of this machine's clock. */
  needs?: readonly ('process' | 'interval' | 'clock')[];
  /** Of most figures less is better. */
  moreIsBetter?: true;
  /** One of the few by which servers are judged, where more is worse: a change up to this share of it does not matter. */
  primary?: { margin: number };
  /** Whatever disturbs a round adds to it: of several rounds, the cheaper half says more than all. */
  disturbedUpwards?: true;
  of(readings: Readings): Figure;
  /** Of what it is a quantile, and which: 0.99 for p99, 1 for the maximum. */
  quantile?: { histogram: HistogramName; share: number };
}

/** A round with its histograms. */
export interface Readings extends MeasuredRound {
  /** Each is decoded when it is first read: most reports need a few of them. */
  readonly durations: Readonly<Record<HistogramName, Durations>>;
}

export function readingsOf(round: MeasuredRound): Readings {
  const decoders = histogramNames.map((name) => [name, () => durationsOf(round, name)]);
  return { ...round, durations: lazily<Readings['durations']>(Object.fromEntries(decoders)) };
}

/** Of one distribution. */
export function durationsOf(
  { histograms }: Pick<MeasuredRound, 'histograms'>,
  name: HistogramName,
): Durations {
  const encoded = histograms[name];
  return decodeDurations(encoded === undefined ? [] : [encoded]);
}

/** A quantile is worth quoting where all rounds together have the samples for it. */
export function hasTooFewSamples(
  { quantile }: Metric,
  samplesIn: (histogram: HistogramName) => number,
): boolean {
  return quantile !== undefined && samplesIn(quantile.histogram) < samplesNeeded(quantile.share);
}

export const sum = (amounts: readonly number[]): number =>
  amounts.reduce((total, amount) => total + amount, 0);
