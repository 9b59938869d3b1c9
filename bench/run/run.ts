/**
 * A run: measures rounds in shuffled order, each with a new server process, and reports the result
 * after each.
 */
import type { Fleet } from '../generator/fleet.ts';
import type { RoundResult, RunResult } from '../result/run-result.ts';
import type { Phase, RoundContext } from './round/context.ts';
import { generatorsUnder } from './round/generators.ts';
import { measureRound } from './round/round.ts';
import { realWorld } from './round/world.ts';
import { orderOfRounds } from './order-of-rounds.ts';
import type { MachineLimits } from '../scenario/limits.ts';
import type { Scenario, ServerUnderTest } from '../scenario/scenario.ts';
import type { Placement } from '../system/cores.ts';

/** The position of a run, reported whenever a phase begins. */
export interface RunPosition {
  server: string;
  round: number;
  phase: Phase;
  /** Finished rounds of all servers, and all planned rounds. */
  roundsDone: number;
  roundsPlanned: number;
  load: Fleet | undefined;
}

export interface RunHooks {
  onPosition(position: RunPosition): void;
  /** Called after each round, outside measurements. */
  onRound(round: RoundResult, result: RunResult): void;
}

/** Input shared by all rounds of a run. */
export function runContext(
  scenario: Scenario,
  limits: MachineLimits,
  placement: Placement | undefined,
  signal: AbortSignal,
): Omit<RoundContext, 'onPhase'> {
  return {
    scenario,
    generators: generatorsUnder(scenario, limits, placement),
    limits,
    placement,
    world: realWorld(),
    signal,
  };
}

/**
 * Measures all servers.
 *
 * @param head the result before the first round; its scenario is only recorded, and that of
 * `context` is executed
 * @returns the complete result, or a partial one if `context.signal` is aborted
 */
export async function run(
  head: RunResult,
  serversUnderTest: readonly ServerUnderTest[],
  context: Omit<RoundContext, 'onPhase'>,
  { onPosition, onRound }: RunHooks,
): Promise<RunResult> {
  const { scenario } = context;
  const order = orderOfRounds(serversUnderTest, scenario.rounds, scenario.seed);
  let result = head;
  for (const [roundsDone, { serverUnderTest, round }] of order.entries()) {
    const measured = await measureRound(serverUnderTest, round, {
      ...context,
      onPhase: (phase, load) =>
        onPosition({
          server: serverUnderTest.name,
          round,
          phase,
          roundsDone,
          roundsPlanned: order.length,
          load,
        }),
    });
    const last = roundsDone + 1 === order.length;
    const status = last && !context.signal.aborted ? 'complete' : 'partial';
    result = { ...result, status, rounds: [...result.rounds, measured] };
    onRound(measured, result);
    if (context.signal.aborted) break;
  }
  return result;
}
