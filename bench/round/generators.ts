/** How many generators a scenario takes. */
import { generatorsFor } from '../load/fleet.ts';
import { stayApart } from '../load/plan.ts';
import type { MachineLimits } from '../scenario/limits.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Placement } from '../target/cores.ts';

/** @returns none for streams that end, which are another generator's business */
export function generatorsUnder({ streams, quietStreams, slowReaders, stayingStreams, intervalMs, eventsEach, disconnect }: Scenario, limits: MachineLimits, placement: Placement | undefined): number {
  if (eventsEach !== null) return 0;
  const load = { streams: streams + quietStreams + slowReaders + stayingStreams, eventsPerSecond: streams / ((intervalMs ?? 1000) / 1000) };
  const forThoseThatStay = stayApart({ plan: { stayingStreams }, disconnect }) ? 1 : 0;
  return generatorsFor(load, { ...limits, loadCores: placement?.load.length }) + forThoseThatStay;
}
