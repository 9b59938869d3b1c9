/** Computes how many generators a scenario needs, and what each of them needs. */
import { generatorsFor } from '../../generator/fleet-size.ts';
import { hasGeneratorForRemaining } from '../../load/plan.ts';
import { reservedDescriptors, type MachineLimits } from '../../scenario/limits.ts';
import { kindOf } from '../../scenario/kinds/kinds.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { Placement } from '../../system/cores.ts';

const allStreams = ({ streams, quietStreams, slowReaders, remainingStreams }: Scenario) =>
  streams + quietStreams + slowReaders + remainingStreams;

/**
 * The most descriptors that a generator has open: twice its streams, because old sockets linger
 * while new streams connect.
 */
export const descriptorsFor = (scenario: Scenario, generators: number): number =>
  reservedDescriptors + 2 * Math.ceil(allStreams(scenario) / Math.max(1, generators));

/** @returns the number of generators; 0 for a load kind with its own generator */
export function generatorsUnder(
  scenario: Scenario,
  limits: MachineLimits,
  placement: Placement | undefined,
): number {
  const { streams, remainingStreams, intervalMs, disconnect } = scenario;
  const { generator, assumedIntervalMs = 1_000 } = kindOf(scenario.load);
  if (generator !== undefined) return 0;
  const load = {
    streams: allStreams(scenario),
    eventsPerSecond: streams / ((intervalMs ?? assumedIntervalMs) / 1_000),
  };
  const forRemaining = hasGeneratorForRemaining({ plan: { remainingStreams }, disconnect }) ? 1 : 0;
  return generatorsFor(load, { ...limits, loadCores: placement?.load.length }) + forRemaining;
}
