/** A process as the operating system sees it, from outside: works for a server in any language. */
import { readdirSync, readFileSync } from 'node:fs';

/** What a process had used up at one moment. */
export interface ProcessSample {
  /** CPU time since its start, user and system, of all its threads. */
  cpuNs: number;
  /** Resident memory. */
  rssBytes: number;
  /**
   * How long its main thread was ready to run and waited for a core, since its start, less what its other threads computed,
   * for which it may have waited: only differences mean something. `null` off Linux.
   */
  waitedNs: number | null;
  /** File descriptors that it has open, and may have open (`limit: null`: any number); `null` off Linux. */
  descriptors: { open: number; limit: number | null } | null;
}

/**
 * Reads `/proc`: CPU time from the scheduler's own account, in nanoseconds (`/proc/PID/stat` has ticks of
 * 10 ms, which is 2 % of what a server uses in a short measuring).
 *
 * @returns `undefined` where there is no `/proc`, or no such process any more
 */
export function sampleProcess(pid: number): ProcessSample | undefined {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    const cpuNs = threads.reduce((sum, thread) => sum + threadCpuNs(pid, thread), 0);
    const ofOtherThreadsNs = cpuNs - threadCpuNs(pid, String(pid));
    const waitedNs = waitedNsOf(pid);
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return {
      cpuNs,
      rssBytes: Number(/^VmRSS:\s*(\d+) kB/m.exec(status)?.[1]) * 1024,
      waitedNs: waitedNs === undefined ? null : waitedNs - ofOtherThreadsNs,
      descriptors: descriptorsOf(pid),
    };
  } catch {
    return undefined;
  }
}

function threadCpuNs(pid: number, thread: string): number {
  try {
    return Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
  } catch {
    return 0; // it ended while we looked
  }
}

/** How long the main thread of a process was ready to run and waited for a core, since its start; `undefined` off Linux. */
export function waitedNsOf(pid: number): number | undefined {
  try {
    // "time on the core, time waited for one, …": Documentation/scheduler/sched-stats in the kernel's sources
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[1]);
  } catch {
    return undefined;
  }
}

function descriptorsOf(pid: number): ProcessSample['descriptors'] {
  const soft = /^Max open files +(\d+)/m.exec(readFileSync(`/proc/${pid}/limits`, 'utf8'))?.[1];
  return {
    open: readdirSync(`/proc/${pid}/fd`).length,
    limit: soft === undefined ? null : Number(soft),
  };
}
