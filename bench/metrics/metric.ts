/** Defines a metric, and the readings that it is computed from. */
import { histogramNames, type HistogramName } from '../result/histogram-names.ts';
import type { MeasuredRound } from '../result/run-result.ts';
import { decodeDurations, samplesNeeded, type Durations } from '../measure/durations.ts';
import { lazily } from './lazily.ts';

/** A number; `undefined` if it is not available for this server. */
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

/**
 * The setting that gives a histogram more samples. Each stream adds one sample, or each event does.
 * Otherwise more rounds are needed.
 */
export type SamplesGrowWith = 'streams' | 'duration' | 'rounds';

export interface Metric {
  /** Never changes between versions, since scripts and thresholds refer to it. */
  name: string;
  /** The title of a column. */
  label: string;
  unit: Unit;
  group: (typeof metricGroups)[number];
  /** Its meaning, in one or two sentences. */
  definition: string;
  /** Shown in the short table. */
  headline?: true;
  /** The kind of load that has this metric, if not every load has it, such as `slow readers`. */
  only?: string;
  /**
   * Requirements that a URL may not meet: a process known to ssebench, a known interval, stamps
   * of this machine's clock, the numbers of a feed.
   */
  needs?: readonly ('process' | 'interval' | 'clock' | 'feed')[];
  /** Set if only Linux reports it. On other systems, tables show “–” for it. */
  needsLinux?: true;
  /** Set if more is better; for most metrics less is better. */
  moreIsBetter?: true;
  /** Set for the few metrics that decide comparisons; more is worse. */
  primary?: Primary;
  /**
   * Interference can only increase this metric. So the cheaper half of several rounds is a better
   * estimate than all of them.
   */
  disturbedUpwards?: true;
  of(readings: Readings): Figure;
  /** The histogram and the quantile of this metric: 0.99 for p99, 1 for the maximum. */
  quantile?: { histogram: HistogramName; share: number; samplesGrowWith: SamplesGrowWith };
}

/** How a metric decides a comparison. */
export interface Primary {
  /** The relative change that does not matter. */
  margin: number;
  /**
   * In the unit of the metric. Smaller values, also negative ones, count as this one, because a
   * difference below it does not matter. Without a floor, a value of 0 or less has no verdict.
   */
  floor?: number;
  /** It decides only if a side is measured from outside. */
  fromOutside?: true;
}

/** A round with its histograms. */
export interface Readings extends MeasuredRound {
  /** Decoded at the first read of each, since most reports need only a few. */
  readonly durations: Readonly<Record<HistogramName, Durations>>;
}

export function readingsOf(round: MeasuredRound): Readings {
  const decoders = histogramNames.map((name) => [name, () => durationsOf(round, name)]);
  return { ...round, durations: lazily<Readings['durations']>(Object.fromEntries(decoders)) };
}

/** Decodes one distribution. */
export function durationsOf(
  { histograms }: Pick<MeasuredRound, 'histograms'>,
  name: HistogramName,
): Durations {
  const encoded = histograms[name];
  return decodeDurations(encoded === undefined ? [] : [encoded]);
}

/** A quantile needs enough samples in all rounds together; see `samplesNeeded`. */
export function hasTooFewSamples(
  { quantile }: Metric,
  samplesIn: (histogram: HistogramName) => number,
): boolean {
  return quantile !== undefined && samplesIn(quantile.histogram) < samplesNeeded(quantile.share);
}

export const sum = (amounts: readonly number[]): number =>
  amounts.reduce((total, amount) => total + amount, 0);
