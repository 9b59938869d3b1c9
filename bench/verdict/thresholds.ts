/** Expectations for the figures of every server, such as `delivery.p99 < 50ms`. Pure. */
import type { Unit } from '../metrics/metric.ts';
import { familyName, metrics } from '../metrics/metrics.ts';
import type { ServerRounds } from '../metrics/server-rounds.ts';
import type { ServerSummary, Spread } from '../metrics/summary.ts';
import { accepted, nearest, refused, type Checked } from '../scenario/complaint.ts';
import { inMs, operators, partsOfExpectation, type Operator } from '../scenario/expectation.ts';

const inUs = { ns: 1e-3, µs: 1, us: 1, ms: 1_000, s: 1e6 };
const inKb = { B: 1 / 1024, KB: 1, MB: 1024, GB: 1024 ** 2 };

/** The units that a user may write for each unit of the metrics, with their factors. */
const writtenUnits: Record<Unit, Readonly<Record<string, number>>> = {
  ms: inMs,
  µs: inUs,
  KB: inKb,
  MB: { KB: 1 / 1024, MB: 1, GB: 1024 },
  'KB/s': { 'KB/s': 1, 'MB/s': 1024 },
  '/s': { '/s': 1 },
  '%': { '%': 1 },
  '': { '': 1 },
};

export interface Threshold {
  /** The expectation as written. */
  text: string;
  metric: string;
  operator: Operator;
  /** In the unit of the metric. */
  limit: number;
}

const example = "'delivery.p99 < 50ms'";

/** @returns the threshold, or a complaint that describes a valid one: `must be …` */
export function readThreshold(text: string): Checked<Threshold> {
  const parts = partsOfExpectation(text);
  if (!parts)
    return refused(
      `must be a metric, an operator (${Object.keys(operators).join(' ')}) and a number with its unit, such as --expect ${example}`,
    );
  const { name, operator, amount, unit: written } = parts;
  const metric = metrics.find((each) => each.name === name);
  if (!metric) {
    const meant = nearest(
      name,
      metrics.map((each) => each.name),
    );
    if (meant !== undefined) return refused(`unknown metric; did you mean ${meant}?`);
    const families = [...Map.groupBy(metrics, (each) => each.name.split('.')[0]).values()].map(
      familyName,
    );
    return refused(`unknown metric; choose from ${families.join(', ')}`);
  }
  const units = writtenUnits[metric.unit];
  if (!Object.hasOwn(units, written)) {
    const choice = metric.unit === '' ? 'without a unit' : `in ${Object.keys(units).join(', ')}`;
    return refused(
      `must be ${choice}, since ${name} is ${metric.unit === '' ? 'a plain number' : `measured in ${metric.unit}`}, such as --expect '${name} ${operator} ${amount}${metric.unit}'`,
    );
  }
  return accepted({
    text: text.trim(),
    metric: name,
    operator,
    limit: amount * units[written]!,
  });
}

export interface ThresholdVerdict {
  server: string;
  threshold: Threshold;
  /** `unknown`: could not be verified, which does not count as a pass. */
  state: 'held' | 'broken' | 'unknown';
  /** The value found, in the metric's unit; `undefined` if it is unknown. */
  found: number | undefined;
  /** Why it could not be verified. */
  reason: string;
}

/**
 * Judges every expectation for every server.
 *
 * @param expect expectations as written; invalid ones are left out
 * @param found the servers and their summaries, in the same order
 */
export function judgeThresholds(
  expect: readonly string[],
  found: {
    readonly servers: readonly ServerRounds[];
    readonly summaries: readonly ServerSummary[];
  },
): ThresholdVerdict[] {
  const thresholds = expect.flatMap((text) => {
    const read = readThreshold(text);
    return read.ok ? [read.value] : [];
  });
  return found.summaries.flatMap((summary, place) =>
    thresholds.map((threshold) => judge(threshold, summary, found.servers[place]!)),
  );
}

function judge(
  threshold: Threshold,
  { server, invalid, measuredRounds, figures }: ServerSummary,
  { over }: ServerRounds,
): ThresholdVerdict {
  const unknown = (reason: string): ThresholdVerdict => ({
    server,
    threshold,
    state: 'unknown',
    found: undefined,
    reason,
  });
  if (measuredRounds === 0) return unknown('nothing was measured');
  if (invalid) return unknown('all its rounds are invalid');
  const spread = figures.get(threshold.metric);
  if (spread === 'too few') return unknown('too few samples');
  if (spread === undefined) return unknown('not available for this server');
  const found = judgedFigure(threshold, spread, over);
  return {
    server,
    threshold,
    state: operators[threshold.operator](found, threshold.limit) ? 'held' : 'broken',
    found,
    reason: '',
  };
}

/**
 * The value to compare with the limit. For a percentile, it is that of all rounds together. For a
 * count such as missing events, it is the worst round, because it must be right in each. For other
 * metrics, it is the median of the rounds.
 */
function judgedFigure(
  { metric: name, operator, limit }: Threshold,
  { median, min, max }: Spread,
  over: ServerRounds['over'],
): number {
  const metric = metrics.find((each) => each.name === name)!;
  if (metric.quantile) {
    const { rounds, together } = over(metric)!;
    return together(rounds);
  }
  if (metric.unit !== '') return median;
  if (operator === '=') return Math.abs(max - limit) > Math.abs(min - limit) ? max : min;
  return operator.startsWith('<') ? max : min;
}
