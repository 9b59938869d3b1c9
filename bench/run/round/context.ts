/** What a round is given, and the names of its phases. */
import type { Fleet } from '../../generator/fleet.ts';
import type { MachineLimits } from '../../scenario/limits.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { Placement } from '../../system/cores.ts';
import type { World } from './world.ts';

/** What a round shares with the others of its run. */
export interface RoundContext {
  scenario: Scenario;
  /** How many generator processes share the load. */
  generators: number;
  limits: MachineLimits;
  placement: Placement | undefined;
  world: World;
  /** Aborted when a person wants no more. */
  signal: AbortSignal;
  onPhase(phase: Phase, load: Fleet | undefined): void;
}

export type Phase = 'start' | 'ramp' | 'warm up' | 'measure' | 'disconnect' | 'settle' | 'stop';
