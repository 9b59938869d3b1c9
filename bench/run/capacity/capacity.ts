/**
 * Finds the capacity of a server: measures rounds under different loads until it has found the
 * largest load that meets every expectation.
 */
import type { RoundResult, RunResult } from '../../result/run-result.ts';
import type { RoundContext } from '../round/context.ts';
import { generatorsUnder } from '../round/generators.ts';
import { measureRound } from '../round/round.ts';
import type { RunHooks } from '../run.ts';
import { loadOf, type ServerUnderTest } from '../../scenario/scenario.ts';
import { isByChance, judgeLoad, type LoadVerdict } from '../../verdict/sustainable.ts';
import { loadKinds } from './loads.ts';
import { leastTooMuch, mostHeld, searchKnee, type Step } from './search.ts';

/**
 * Required ratio between the two sides of the knee (0.1 is 10 %), and the number of tries of each
 * side.
 */
const within = 0.1;
const times = 3;
const triesByChance = 3;

type Context = Omit<RoundContext, 'onPhase'>;
type Outcome = LoadVerdict & { round: RoundResult };
type Found = RunResult['capacity'][number];

/** A search cannot decide anything. */
class Unknowable extends Error {}

/** If a lower load does not make a round valid, its cause is probably not the load. */
const mostInvalidLoads = 2;

/** @returns why the search ends without a load that holds; `undefined` if it continues */
function whyUnknowable(steps: readonly Step<Outcome>[]): string | undefined {
  const { isKnown, why, invalid } = steps.at(-1)!.outcome;
  if (!isKnown) return why;
  const loads = new Set(steps.map(({ load }) => load)).size;
  return loads < mostInvalidLoads || steps.some(({ outcome }) => outcome.invalid === '')
    ? undefined
    : `the rounds under the first ${loads} loads were invalid: ${invalid.replace(/\.$/, '')}`;
}

/**
 * Like `run` of `run.ts`, but finds the capacity of each server. Its rounds are those under the
 * largest load that held.
 */
export async function runCapacity(
  head: RunResult,
  serversUnderTest: readonly ServerUnderTest[],
  context: Context,
  hooks: RunHooks,
): Promise<RunResult> {
  let result = head;
  for (const [place, serverUnderTest] of serversUnderTest.entries()) {
    const steps: Step<Outcome>[] = [];
    const keep = (found: Partial<Found>) => {
      const most = found.most === undefined ? (mostHeld(steps) ?? null) : found.most;
      const own: Found = {
        server: serverUnderTest.name,
        // Below the lowest load so far, the search may still find one that holds.
        tooMuch: most === null ? null : (leastTooMuch(steps) ?? null),
        reason: null,
        ...found,
        most,
        steps: steps.map(({ load, holds, outcome: { why, bottleneck } }) => ({
          load,
          holds,
          why,
          bottleneck,
        })),
      };
      const rounds = steps.flatMap(({ load, holds, outcome: { round } }) =>
        load === most && holds ? [round] : [],
      );
      const others = {
        rounds: result.rounds.filter(({ server }) => server !== serverUnderTest.name),
        capacity: result.capacity.filter(({ server }) => server !== serverUnderTest.name),
      };
      result = {
        ...head,
        rounds: [...others.rounds, ...rounds],
        capacity: [...others.capacity, own],
      };
    };
    const attempt = async (load: number): Promise<{ holds: boolean; outcome: Outcome }> => {
      const position = {
        server: serverUnderTest.name,
        round: steps.length + 1,
        roundsDone: place,
        roundsPlanned: serversUnderTest.length,
      };
      const outcome = await tryLoad(
        serverUnderTest,
        load,
        steps.length + 1,
        head,
        context,
        (phase, fleet) => hooks.onPosition({ ...position, phase, load: fleet }),
      );
      context.signal.throwIfAborted(); // an interrupted round proves nothing about the load
      steps.push({ load, holds: outcome.holds, outcome });
      keep({});
      hooks.onRound(outcome.round, result);
      context.signal.throwIfAborted();
      const unknowable = whyUnknowable(steps);
      if (unknowable !== undefined) throw new Unknowable(unknowable);
      return { holds: outcome.holds, outcome };
    };
    try {
      const { most, tooMuch } = await searchKnee(attempt, {
        ...loadKinds[loadOf(context.scenario, 'search')!.of].range(context),
        within,
        times,
      });
      keep({ most, tooMuch });
    } catch (error) {
      if (context.signal.aborted) return { ...result, status: 'partial' };
      if (!(error instanceof Unknowable)) throw error;
      keep({ most: null, reason: error.message });
    }
  }
  return { ...result, status: 'complete' };
}

/** Measures one round. Repeats it if it failed for a reason unrelated to the load. */
async function tryLoad(
  serverUnderTest: ServerUnderTest,
  load: number,
  number: number,
  head: RunResult,
  context: Context,
  onPhase: RoundContext['onPhase'],
): Promise<Outcome> {
  const { of } = loadOf(context.scenario, 'search')!;
  const scenario = loadKinds[of].under(context.scenario, load, serverUnderTest);
  const generators = generatorsUnder(scenario, context.limits, context.placement);
  for (let tries = 1; ; tries++) {
    const round = await measureRound(serverUnderTest, number, {
      ...context,
      scenario,
      generators,
      onPhase,
    });
    if (tries < triesByChance && isByChance(round) && !context.signal.aborted) continue;
    return { ...judgeLoad({ ...head, scenario }, round), round };
  }
}
