import { setTimeout as sleep } from 'node:timers/promises';

/** Waits, without keeping the process for it: an open connection or a child process does that. */
export const pause = (ms: number): Promise<void> => sleep(ms, undefined, { ref: false });
