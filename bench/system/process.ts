/** A process as the operating system sees it from outside. Works for a server in any language. */
import { accessSync, constants, readdirSync, readFileSync, statSync } from 'node:fs';

/** The resources that a process has used up to a moment. */
export interface ProcessSample {
  /** CPU time of all its living threads since its start, user and system. */
  cpuNs: number;
  /** The same with the threads that have ended, in steps: up to 20 ms less. */
  cpuInStepsNs: number;
  /** Resident memory. */
  rssBytes: number;
  /**
   * How long its main thread was runnable without a core since its start. This excludes the CPU
   * time of its other threads, since it may have waited for them. Only differences are meaningful.
   * `null` off Linux.
   */
  waitedNs: number | null;
  /**
   * File descriptors: open ones, and the limit (`null` if unlimited). `null` off Linux, and for a
   * process of another user.
   */
  descriptors: { open: number; limit: number | null } | null;
}

/**
 * Reads `/proc`. CPU time comes from the scheduler's own account, in nanoseconds, which exists for
 * living threads only. `/proc/PID/stat` has ticks of 10 ms, which is 2 % of what a server uses in a
 * short measurement.
 *
 * @returns `undefined` if there is no `/proc`, or the process has ended
 */
export function sampleProcess(pid: number): ProcessSample | undefined {
  try {
    const cpuInStepsNs = cpuNsInStat(pid).own;
    const threads = readdirSync(`/proc/${pid}/task`);
    const cpuNs = threads.reduce((sum, thread) => sum + threadCpuNs(pid, thread), 0);
    const ofOtherThreadsNs = cpuNs - threadCpuNs(pid, String(pid));
    const waitedNs = waitedNsOf(pid);
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return {
      cpuNs,
      cpuInStepsNs,
      // A process that has just ended has no memory.
      rssBytes: Number(/^VmRSS:\s*(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024,
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
 * User and system time in steps of 10 ms: `utime` to `cstime` in proc_pid_stat(5).
 *
 * @throws if there is no `/proc`, or the process has ended
 */
function cpuNsInStat(pid: number): { own: number; ofEndedChildren: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name before the last bracket may contain anything, including blanks and brackets.
  const [user, system, ofChildrenUser, ofChildrenSystem] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 15)
    .map(Number) as [number, number, number, number];
  return {
    own: (user + system) * tickNs,
    ofEndedChildren: (ofChildrenUser + ofChildrenSystem) * tickNs,
  };
}

/**
 * CPU time of the children of a process that have ended, and of their children, as far as each
 * parent has waited for them. In steps of 10 ms.
 *
 * @returns 0 if there is no `/proc`, or the process has ended
 */
export function cpuNsOfEndedChildren(pid: number): number {
  try {
    return cpuNsInStat(pid).ofEndedChildren;
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

/**
 * Linux 6.2 and newer report the number as the size of the folder. To list 20,000 descriptors takes
 * tens of milliseconds.
 *
 * @throws if access is denied, or the process has ended
 */
function openDescriptorsOf(pid: number): number {
  const folder = `/proc/${pid}/fd`;
  accessSync(folder, constants.R_OK);
  return statSync(folder).size || readdirSync(folder).length;
}

function descriptorsOf(pid: number): ProcessSample['descriptors'] {
  try {
    const soft = /^Max open files +(\d+)/m.exec(readFileSync(`/proc/${pid}/limits`, 'utf8'))?.[1];
    return {
      open: openDescriptorsOf(pid),
      limit: soft === undefined ? null : Number(soft),
    };
  } catch {
    return null; // another user's process, such as one behind sudo
  }
}
