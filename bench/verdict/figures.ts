/** A metric of several servers, each with its interval: what charts of figures show. Pure. */
import type { Metric } from '../metrics/metric.ts';
import type { ServerRounds } from '../metrics/server-rounds.ts';
import { spreadOf } from '../metrics/summary.ts';
import { bootstrapInterval } from '../statistics/bootstrap.ts';
import { randomFrom } from '../statistics/random.ts';
import { leastRounds } from './metric-comparison.ts';

export interface FigureOfServers {
  metric: Metric;
  /** Of the servers that have it, in their order. */
  rows: FigureOfServer[];
}

interface FigureOfServer {
  server: string;
  /** In the metric's unit. With an interval it is that of all rounds together, else the median of the rounds. */
  value: number;
  low: number;
  high: number;
  /** Whether `low` and `high` are the 95 % interval over rounds; of fewer rounds than it takes, they are their range. */
  isInterval: boolean;
}

/** Fixed, so that the same result always has the same intervals. */
const seed = 1;

/** @returns no row of what is counted, such as missing events: that is exact, and must be right in each round */
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
