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
    const threads = readdirSync(`/proc/${pid}/task`);
    const cpuNs = threads.reduce((sum, thread) => sum + threadCpuNs(pid, thread), 0);
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return { cpuNs, rssBytes: Number(/^VmRSS:\s*(\d+) kB/m.exec(status)?.[1]) * 1024 };
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

/** Ticks of all cores since the machine started: all of them, and those stolen by its host. */
export interface CoreTicks {
  all: number;
  stolen: number;
}

/** @returns `undefined` where there is no `/proc` */
export function sampleCoreTicks(): CoreTicks | undefined {
  try {
    // "cpu  user nice system idle iowait irq softirq steal …": proc(5)
    const ticks = readFileSync('/proc/stat', 'utf8').split('\n', 1)[0]!.split(/\s+/).slice(1, 9).map(Number);
    return { all: ticks.reduce((sum, tick) => sum + tick, 0), stolen: ticks[7] ?? 0 };
  } catch {
    return undefined;
  }
}
