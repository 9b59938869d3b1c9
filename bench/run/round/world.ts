/** The outside world of a round. Tests replace it with one in which time is simulated. */
import { setTimeout as sleep } from 'node:timers/promises';
import { fire } from '../../generator/finite/volley.ts';
import { startFleet } from '../../generator/fleet.ts';
import { machineClock, type Clock } from '../../system/clock.ts';
import { sampleMachine } from '../../system/machine.ts';
import { startServerUnderTest } from '../../under-test/start.ts';

export interface World {
  clock: Clock;
  /** Resolves after that time, or rejects as soon as the signal is aborted. */
  sleep(timeMs: number, signal?: AbortSignal): Promise<void>;
  startFleet: typeof startFleet;
  fire: typeof fire;
  startServer: typeof startServerUnderTest;
  sampleMachine: typeof sampleMachine;
}

export function realWorld(): World {
  return {
    clock: machineClock(),
    sleep: (timeMs, signal) => sleep(timeMs, undefined, { signal }),
    startFleet,
    fire,
    startServer: startServerUnderTest,
    sampleMachine,
  };
}
