/** How a check passes time. A simulation has a time of its own, which jumps instead of passing. */
import { setTimeout as timeout } from 'node:timers/promises';

export interface Time {
  /** Milliseconds since some origin; may have a fraction. */
  nowMs(): number;
  /** @throws when the signal asks for an early end */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** The machine's. */
export const machineTime: Time = {
  nowMs: () => performance.now(),
  sleep: (ms, signal) => timeout(ms, undefined, { signal }),
};
