/** The rounds of one server, with the values that several verdicts share. Pure. */
import type { FailedRound, MeasuredRound, RoundResult, RunResult } from '../result/run-result.ts';
import { lazily } from './lazily.ts';
import { readingsOf, type Metric, type Readings } from './metric.ts';
import { overRounds, type OverRounds } from './over-rounds.ts';

export interface ServerRounds {
  server: string;
  /** All rounds of the server, in their order. */
  own: readonly RoundResult[];
  /** Measured rounds without a doubt. Only these enter comparisons and thresholds. */
  valid: readonly MeasuredRound[];
  /** Measured rounds with a doubt. */
  invalid: readonly MeasuredRound[];
  failed: readonly FailedRound[];
  /** The valid rounds with their histograms. */
  readonly readings: readonly Readings[];
  /**
   * A metric over the valid rounds. The first call computes it, and later calls reuse it.
   *
   * @returns `undefined` if a round has no such figure, or all rounds together have too few samples
   */
  over(metric: Metric): OverRounds | undefined;
}

/** @returns the rounds of each server, in the order of the run */
export function roundsByServer({
  servers,
  rounds,
}: Pick<RunResult, 'servers' | 'rounds'>): ServerRounds[] {
  const byServer = Map.groupBy(rounds, ({ server }) => server);
  return servers.map((server) => roundsOf(server, byServer.get(server) ?? []));
}

function roundsOf(server: string, own: readonly RoundResult[]): ServerRounds {
  const measured = own.filter((round) => round.state === 'measured');
  const valid = measured.filter(({ doubts }) => doubts.length === 0);
  const lazy = lazily<{ readings: Readings[] }>({ readings: () => valid.map(readingsOf) });
  const known = new Map<string, OverRounds | undefined>();
  return {
    server,
    own,
    valid,
    invalid: measured.filter(({ doubts }) => doubts.length > 0),
    failed: own.filter((round) => round.state === 'failed'),
    get readings() {
      return lazy.readings;
    },
    over(metric) {
      if (!known.has(metric.name)) known.set(metric.name, overRounds(metric, lazy.readings));
      return known.get(metric.name);
    },
  };
}
