/** How much a server bears: rounds under ever other loads, until the largest is found that is still as expected. */
import { generatorsFor } from '../load/fleet.ts';
import type { RoundResult, RunResult } from '../result.ts';
import type { RoundContext } from '../round/context.ts';
import { measureRound } from '../round/round.ts';
import type { RunHooks } from '../run.ts';
import { reservedDescriptors } from '../scenario/limits.ts';
import { usualSearchRounds, type Scenario, type Target } from '../scenario/scenario.ts';
import { isByChance, judgeLoad, type LoadVerdict } from '../verdict/load.ts';
import { searchKnee, type Step } from './search.ts';

/** How near the two sides of a knee come, and how often each is tried. */
const within = 0.1;
const times = 3;
const triesByChance = 3;
const leastIntervalMs = 1;

/** What a load is: so many streams, or so many events a second on each. */
const loads = {
  streams: {
    of: ({ streams }: Scenario) => streams,
    under: (scenario: Scenario, streams: number): Scenario => ({ ...scenario, streams, rampMs: Math.max(scenario.rampMs, streams) }),
    largest: ({ limits }: Context, { quietStreams }: Scenario) => Math.min(limits.descriptors - reservedDescriptors, limits.ports) - quietStreams,
  },
  rate: {
    of: ({ intervalMs }: Scenario) => Math.round(1_000 / intervalMs!),
    under: (scenario: Scenario, perSecond: number): Scenario => ({ ...scenario, intervalMs: Math.max(leastIntervalMs, Math.round(1_000 / perSecond)) }),
    largest: () => 1_000 / leastIntervalMs,
  },
} as const;

type Context = Omit<RoundContext, 'onPhase'>;
type Outcome = LoadVerdict & { round: RoundResult };

/** As `run` of `run.ts`, with what each server bears; its rounds are those under the largest load that held. */
export async function runCapacity(head: RunResult, targets: readonly Target[], context: Context, hooks: RunHooks): Promise<RunResult> {
  let result = head;
  for (const [place, target] of targets.entries()) {
    const steps: Step<Outcome>[] = [];
    const keep = (most: number | null, tooMuch: number | null) => {
      const found = { server: target.name, most, tooMuch, steps: steps.map(({ load, holds, outcome: { why, gaveOut } }) => ({ load, holds, why, gaveOut })) };
      const rounds = steps.flatMap(({ load, holds, outcome: { round } }) => (load === most && holds ? [round] : []));
      result = { ...head, rounds: [...result.rounds.filter(({ server }) => server !== target.name), ...rounds], capacity: [...result.capacity.filter(({ server }) => server !== target.name), found] };
    };
    const attempt = async (load: number) => {
      const outcome = await tryLoad(target, load, steps.length + 1, head, context, (phase, fleet) =>
        hooks.onPosition({ server: target.name, round: steps.length + 1, phase, roundsDone: place * usualSearchRounds + Math.min(steps.length, usualSearchRounds - 1), roundsPlanned: targets.length * usualSearchRounds, load: fleet }),
      );
      context.signal.throwIfAborted(); // a round that was cut short says nothing of the load
      steps.push({ load, holds: outcome.holds, outcome });
      keep(null, null);
      hooks.onRound(outcome.round, result);
      context.signal.throwIfAborted();
      return { holds: outcome.holds, outcome };
    };
    const kind = loads[context.scenario.search!];
    const largest = kind.largest(context, context.scenario);
    try {
      const knee = await searchKnee(attempt, { start: Math.min(kind.of(context.scenario), largest), least: 1, largest, within, times });
      keep(knee.most, knee.tooMuch);
    } catch (error) {
      if (!context.signal.aborted) throw error;
      return { ...result, status: 'partial' };
    }
  }
  return { ...result, status: 'complete' };
}

/** One round; again where what went wrong had nothing to do with the load. */
async function tryLoad(target: Target, load: number, number: number, head: RunResult, context: Context, onPhase: RoundContext['onPhase']): Promise<Outcome> {
  const scenario = loads[context.scenario.search!].under(context.scenario, load);
  const { limits, placement } = context;
  const eventsPerSecond = (1_000 * scenario.streams) / (scenario.intervalMs ?? 1_000);
  const generators = generatorsFor({ streams: scenario.streams + scenario.quietStreams, eventsPerSecond }, { ...limits, loadCores: placement?.load.length });
  for (let tries = 1; ; tries++) {
    const round = await measureRound(target, number, { ...context, scenario, generators, onPhase });
    if (tries < triesByChance && isByChance(round) && !context.signal.aborted) continue;
    return { ...judgeLoad({ ...head, scenario }, round), round };
  }
}
