/**
 * What a process does while nobody asks anything of it, as Linux accounts for it: how often it wakes up, and how much it
 * computes. A timer that was forgotten wakes it, in any language.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { spreadOf } from '../../metrics/summary.ts';
import { sampleProcess } from '../../system/process.ts';
import type { Held } from '../../result/held.ts';

/** Shorter, and timers of a second would not be seen in it; longer, and a check would take too long. */
const windowMs = 750;
/** Before the first stream: how much the process does of its own accord, and how much that varies. */
const baselineWindows = 3;
/** What may come by chance: one wakeup in two seconds; and what the clock of a core is off by. */
const leastExcess = { wakeups: 0.5, cpuMs: 0.5 };
/** Standard deviations; one is 1.4826 median absolute deviations, where a value far off counts for little. */
const deviations = 3 * 1.4826;

interface Activity {
  /** Each second. */
  wakeups: number;
  cpuMs: number;
}

/** @returns waits for a window of time, and tells what the process did in it beyond what it did in the first ones */
export function createActivityWatch(pid: number): () => Promise<Held[]> {
  let usual: Record<keyof Activity, { median: number; tolerance: number }> | undefined;

  async function baseline() {
    const windows: Activity[] = [];
    for (let n = 0; n < baselineWindows; n++) windows.push(await activityOf(pid));
    const of = (name: keyof Activity) => {
      const values = windows.map((window) => window[name]);
      const median = medianOf(values);
      const deviation = medianOf(values.map((value) => Math.abs(value - median)));
      return { median, tolerance: Math.max(leastExcess[name], deviations * deviation) };
    };
    return { wakeups: of('wakeups'), cpuMs: of('cpuMs') };
  }

  return async () => {
    const now = usual ? await activityOf(pid) : undefined;
    usual ??= await baseline();
    const excess = (name: keyof Activity) => {
      const { median, tolerance } = usual![name];
      return now && now[name] - median > tolerance ? now[name] - median : 0;
    };
    const base = { place: undefined, library: undefined, traced: false };
    return [
      {
        ...base,
        kind: 'wakeup',
        what: 'something still wakes the process',
        count: excess('wakeups'),
      },
      { ...base, kind: 'computing', what: 'something still computes', count: excess('cpuMs') },
    ];
  };
}

const medianOf = (values: readonly number[]) => spreadOf(values)!.median;

async function activityOf(pid: number): Promise<Activity> {
  const before = usedBy(pid);
  const startMs = performance.now();
  await sleep(windowMs);
  const after = usedBy(pid);
  const seconds = (performance.now() - startMs) / 1_000;
  return {
    wakeups: (after.wakeups - before.wakeups) / seconds,
    cpuMs: (after.cpuMs - before.cpuMs) / seconds,
  };
}

/** @throws where the process has gone */
function usedBy(pid: number): Activity {
  const sample = sampleProcess(pid);
  if (!sample) throw new Error(`process ${pid} has ended`);
  const wakeups = readdirSync(`/proc/${pid}/task`).reduce(
    (sum, thread) => sum + wakeupsOf(pid, thread),
    0,
  );
  return { wakeups, cpuMs: sample.cpuNs / 1e6 };
}

/** How often a thread went to sleep of its own accord: that often it was woken. proc_pid_status(5). */
function wakeupsOf(pid: number, thread: string): number {
  try {
    return Number(
      /^voluntary_ctxt_switches:\s*(\d+)$/m.exec(
        readFileSync(`/proc/${pid}/task/${thread}/status`, 'utf8'),
      )?.[1] ?? 0,
    );
  } catch {
    return 0; // it ended while we looked
  }
}
