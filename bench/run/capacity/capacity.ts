/** How much a server bears: rounds under ever other loads, until the largest is found that is still as expected. */
import type { RoundResult, RunResult } from '../../result/run-result.ts';
import type { RoundContext } from '../round/context.ts';
import { generatorsUnder } from '../round/generators.ts';
import { measureRound } from '../round/round.ts';
import type { RunHooks } from '../run.ts';
import { loadOf, type Target } from '../../scenario/scenario.ts';
import { isByChance, judgeLoad, type LoadVerdict } from '../../verdict/sustainable.ts';
import { loadKinds } from './loads.ts';
import { mostHeld, searchKnee, type Step } from './search.ts';

/** How near the two sides of a knee come, and how often each is tried. */
const within = 0.1;
const times = 3;
const triesByChance = 3;

type Context = Omit<RoundContext, 'onPhase'>;
type Outcome = LoadVerdict & { round: RoundResult };
type Found = RunResult['capacity'][number];

/** The figures that are expected cannot be had: no search can tell anything. */
class Unknowable extends Error {}

/** As `run` of `run.ts`, with what each server bears; its rounds are those under the largest load that held. */
export async function runCapacity(
  head: RunResult,
  targets: readonly Target[],
  context: Context,
  hooks: RunHooks,
): Promise<RunResult> {
  let result = head;
  for (const [place, target] of targets.entries()) {
    const steps: Step<Outcome>[] = [];
    const keep = (found: Partial<Found>) => {
      const most = found.most === undefined ? (mostHeld(steps) ?? null) : found.most;
      const own: Found = {
        server: target.name,
        tooMuch: null,
        reason: null,
        ...found,
        most,
        steps: steps.map(({ load, holds, outcome: { why, gaveOut } }) => ({
          load,
          holds,
          why,
          gaveOut,
        })),
      };
      const rounds = steps.flatMap(({ load, holds, outcome: { round } }) =>
        load === most && holds ? [round] : [],
      );
      const others = {
        rounds: result.rounds.filter(({ server }) => server !== target.name),
        capacity: result.capacity.filter(({ server }) => server !== target.name),
      };
      result = {
        ...head,
        rounds: [...others.rounds, ...rounds],
        capacity: [...others.capacity, own],
      };
    };
    const attempt = async (load: number): Promise<{ holds: boolean; outcome: Outcome }> => {
      const position = {
        server: target.name,
        round: steps.length + 1,
        roundsDone: place,
        roundsPlanned: targets.length,
      };
      const outcome = await tryLoad(target, load, steps.length + 1, head, context, (phase, fleet) =>
        hooks.onPosition({ ...position, phase, load: fleet }),
      );
      context.signal.throwIfAborted(); // a round that was cut short says nothing of the load
      steps.push({ load, holds: outcome.holds, outcome });
      keep({});
      hooks.onRound(outcome.round, result);
      context.signal.throwIfAborted();
      if (!outcome.isKnown) throw new Unknowable(outcome.why);
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

/** One round; again where what went wrong had nothing to do with the load. */
async function tryLoad(
  target: Target,
  load: number,
  number: number,
  head: RunResult,
  context: Context,
  onPhase: RoundContext['onPhase'],
): Promise<Outcome> {
  const scenario = loadKinds[loadOf(context.scenario, 'search')!.of].under(context.scenario, load);
  const generators = generatorsUnder(scenario, context.limits, context.placement);
  for (let tries = 1; ; tries++) {
    const round = await measureRound(target, number, { ...context, scenario, generators, onPhase });
    if (tries < triesByChance && isByChance(round) && !context.signal.aborted) continue;
    return { ...judgeLoad({ ...head, scenario }, round), round };
  }
}
