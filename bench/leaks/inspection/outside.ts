/**
 * Measures what a process does while nobody sends requests, from Linux's accounting: how often it
 * wakes up, and how much CPU time it uses. A leaked timer wakes it, in any language.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { spreadOf } from '../../metrics/summary.ts';
import { sampleProcess } from '../../system/process.ts';
import type { Held } from '../../result/held.ts';

/** A shorter window would miss timers of 1 s; a longer one would make checks too slow. */
const windowMs = 750;
/** Windows before the first stream. They show the process's own activity and how much it varies. */
const baselineWindows = 3;
/**
 * Differences that can occur by chance: one wakeup in 2 s, and the inaccuracy of CPU accounting.
 */
const leastExcess = { wakeups: 0.5, cpuMs: 0.5 };
/**
 * Three standard deviations; one is estimated as 1.4826 median absolute deviations, which outliers
 * hardly affect.
 */
const deviations = 3 * 1.4826;

interface Activity {
  /** Wakeups per second. */
  wakeups: number;
  cpuMs: number;
}

/**
 * @returns a function that waits for one window and returns the activity beyond that of the first
 * windows
 */
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
        what: 'wakeups of the process without clients',
        count: excess('wakeups'),
      },
      {
        ...base,
        kind: 'computing',
        what: 'CPU time of the process without clients',
        count: excess('cpuMs'),
      },
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

/** @throws if the process has ended */
function usedBy(pid: number): Activity {
  const sample = sampleProcess(pid);
  if (!sample) throw new Error(`process ${pid} ended during the check`);
  const wakeups = readdirSync(`/proc/${pid}/task`).reduce(
    (sum, thread) => sum + wakeupsOf(pid, thread),
    0,
  );
  return { wakeups, cpuMs: sample.cpuNs / 1e6 };
}

/**
 * Counts voluntary context switches: a thread that went to sleep was woken as often. See
 * proc_pid_status(5).
 */
function wakeupsOf(pid: number, thread: string): number {
  try {
    return Number(
      /^voluntary_ctxt_switches:\s*(\d+)$/m.exec(
        readFileSync(`/proc/${pid}/task/${thread}/status`, 'utf8'),
      )?.[1] ?? 0,
    );
  } catch {
    return 0; // the thread has just ended
  }
}
