/** A process as the operating system sees it, from outside: works for a server in any language. */
import { readdirSync, readFileSync } from 'node:fs';

/** What a process had used up at one moment. */
export interface ProcessSample {
  /** CPU time since its start, user and system, of all its threads. */
  cpuNs: number;
  /** Resident memory. */
  rssBytes: number;
}

/**
 * Reads `/proc`: CPU time from the scheduler's own account, in nanoseconds (`/proc/PID/stat` has ticks of
 * 10 ms, which is 2 % of what a server uses in a short measuring).
 *
 * @returns `undefined` where there is no `/proc`, or no such process any more
 */
export function sampleProcess(pid: number): ProcessSample | undefined {
  try {
    let cpuNs = 0;
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      cpuNs += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
    }
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return { cpuNs, rssBytes: Number(/^VmRSS:\s*(\d+) kB/m.exec(status)?.[1]) * 1024 };
  } catch {
    return undefined;
  }
}
