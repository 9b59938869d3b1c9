/** A metric of several servers, each with its interval. Charts show these figures. Pure. */
import type { Metric } from '../metrics/metric.ts';
import type { ServerRounds } from '../metrics/server-rounds.ts';
import { spreadOf } from '../metrics/summary.ts';
import { bootstrapInterval } from '../statistics/bootstrap.ts';
import { randomFrom } from '../statistics/random.ts';
import { leastRounds } from './metric-comparison.ts';

export interface FigureOfServers {
  metric: Metric;
  /** The servers that have the metric, in their order. */
  rows: FigureOfServer[];
}

interface FigureOfServer {
  server: string;
  /**
   * In the metric's unit: the value of all rounds together if there is an interval, otherwise the
   * median of the rounds.
   */
  value: number;
  low: number;
  high: number;
  /**
   * True if `low` and `high` are the 95 % interval over rounds; false if there are too few rounds
   * and they are the range.
   */
  isInterval: boolean;
}

/** Fixed, so that the same result always has the same intervals. */
const seed = 1;

/**
 * @returns the figures without counts of errors, such as missing events: those are exact and must
 * be right in each round
 */
export function figuresOver(
  headline: readonly Metric[],
  servers: readonly ServerRounds[],
): FigureOfServers[] {
  return headline
    .filter(({ group }) => group !== 'audit')
    .map((metric) => ({
      metric,
      rows: servers.flatMap((rounds) => figureOf(metric, rounds) ?? []),
    }));
}

function figureOf(
  metric: Metric,
  { server, readings, over }: ServerRounds,
): FigureOfServer | undefined {
  const own = over(metric);
  if (!own) return undefined;
  if (readings.length < leastRounds) {
    const { median, min, max } = spreadOf(readings.map(metric.of))!;
    return { server, value: median, low: min, high: max, isInterval: false };
  }
  const interval = bootstrapInterval([own.rounds], (drawn) => own.together(drawn), {
    random: randomFrom(seed),
  });
  return { server, value: own.together(own.rounds), ...interval, isInterval: true };
}
