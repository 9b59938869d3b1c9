/** A process as the operating system sees it from outside. Works for a server in any language. */
import { readdirSync, readFileSync } from 'node:fs';

/** The resources that a process has used up to a moment. */
export interface ProcessSample {
  /** CPU time of all its threads since its start, user and system. */
  cpuNs: number;
  /** Resident memory. */
  rssBytes: number;
  /**
   * How long its main thread was runnable without a core since its start. This excludes the CPU
   * time of its other threads, since it may have waited for them. Only differences are meaningful.
   * `null` off Linux.
   */
  waitedNs: number | null;
  /** File descriptors: open ones, and the limit (`null` if unlimited). `null` off Linux. */
  descriptors: { open: number; limit: number | null } | null;
}

/**
 * Reads `/proc`. CPU time comes from the scheduler's own account, in nanoseconds. `/proc/PID/stat`
 * has ticks of 10 ms, which is 2 % of what a server uses in a short measurement.
 *
 * @returns `undefined` if there is no `/proc`, or the process has ended
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
    return 0; // the thread has just ended
  }
}

const tickNs = 10_000_000;

/**
 * CPU time of the children of a process that have ended, and of their children, as far as each
 * parent has waited for them. In steps of 10 ms: `cutime` and `cstime` in proc_pid_stat(5).
 *
 * @returns 0 if there is no `/proc`, or the process has ended
 */
export function cpuNsOfEndedChildren(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [user, system] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(13, 15)
      .map(Number);
    return (user! + system!) * tickNs;
  } catch {
    return 0;
  }
}

/**
 * How long the main thread of a process was runnable without a core since its start; `undefined`
 * off Linux.
 */
export function waitedNsOf(pid: number): number | undefined {
  try {
    // "time on the core, time waited for one, …": Documentation/scheduler/sched-stats in the
    // kernel's sources
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
