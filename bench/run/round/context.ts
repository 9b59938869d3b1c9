/** Input of a round, and the names of its phases. */
import type { Fleet } from '../../generator/fleet.ts';
import type { MachineLimits } from '../../scenario/limits.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { Placement } from '../../system/cores.ts';
import type { World } from './world.ts';

/** Input that all rounds of a run share. */
export interface RoundContext {
  scenario: Scenario;
  /** Number of generator processes that share the load. */
  generators: number;
  limits: MachineLimits;
  placement: Placement | undefined;
  world: World;
  /** Aborted when the user ends the run. */
  signal: AbortSignal;
  onPhase(phase: Phase, load: Fleet | undefined): void;
}

export type Phase = 'start' | 'ramp' | 'warm up' | 'measure' | 'disconnect' | 'settle' | 'stop';
