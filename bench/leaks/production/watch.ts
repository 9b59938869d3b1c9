/**
 * Watches a running process: inspects it at intervals, counts the disconnects in between, and
 * reports each event as a line.
 */
import type { Held } from '../../result/held.ts';
import type { WatchEnd, WatchLine } from '../../result/watch-result.ts';
import type { Time } from '../../system/time.ts';
import { inspectionsToJudge } from '../../verdict/steady-growth.ts';
import { createAlarms } from './alarms.ts';
import type { Inspected, WatchedProcess } from './watched-process.ts';

export interface WatchOptions {
  everyMs: number;
  /** `undefined`: until an interruption or the end of the process. */
  forMs: number | undefined;
  /** `undefined`: as many as fit into the time. */
  inspections: number | undefined;
  /** Growth per disconnect that is no alarm. */
  tolerated: number;
  isIgnored: (held: Held) => boolean;
  /** Whether to name collections before their alarm, with a snapshot of the heap. */
  snapshot: boolean;
}

export interface WatchWorld {
  time: Time;
  /** The time of the calendar, for the lines. */
  date: () => Date;
  /** Ends the watch. */
  signal: AbortSignal;
  report: (line: WatchLine) => void;
}

/** A process that is busy for a while can be inspected later. */
const mostFailures = 3;
/** The end of the process is noticed after this time. */
const pollMs = 1_000;

/** @returns the last line, which was also reported */
export async function watchProcess(
  watched: WatchedProcess,
  options: WatchOptions,
  { time, date, signal, report }: WatchWorld,
): Promise<WatchEnd> {
  const at = () => date().toISOString();
  const startMs = time.nowMs();
  const origin = date().getTime() - startMs;
  const alarms = createAlarms({
    ...options,
    timeOf: (atMs) => new Date(origin + atMs).toISOString(),
    nameOf: async (entry) => (options.snapshot ? watched.nameOf(entry, signal) : entry),
  });
  const { pid, ports } = watched;
  const { everyMs, tolerated } = options;
  const total: Pick<
    WatchEnd,
    'inspections' | 'disconnects' | 'disconnectsAtMost' | 'longestPauseMs'
  > = { inspections: 0, disconnects: 0, disconnectsAtMost: 0, longestPauseMs: null };
  let failures = 0;
  report({ type: 'start', schemaVersion: 1, at: at(), pid, ports: [...ports], everyMs, tolerated });

  async function end(because: WatchEnd['because'], reason: string | null = null) {
    await watched.end();
    const line: WatchEnd = {
      type: 'end',
      at: at(),
      because,
      reason,
      ...total,
      needed: inspectionsToJudge,
      isJudged: total.inspections >= inspectionsToJudge,
      alarms: alarms.all(),
    };
    report(line);
    return line;
  }

  async function record({ held, pauseMs, inspectorWasOpen }: Inspected) {
    const { open, closed, atMost } = watched.connections.take();
    // The watch begins with the first inspection.
    const isFirst = total.inspections === 0;
    const [disconnects, disconnectsAtMost] = isFirst ? [0, 0] : [closed, atMost];
    const { growing, raised } = await alarms.add({ atMs: time.nowMs(), held, open, disconnects });
    total.inspections++;
    total.disconnects += disconnects;
    total.disconnectsAtMost = sumOf(total.disconnectsAtMost, disconnectsAtMost);
    total.longestPauseMs = Math.max(total.longestPauseMs ?? 0, pauseMs);
    report({
      type: 'inspection',
      at: at(),
      number: total.inspections,
      pauseMs,
      inspectorWasOpen,
      open,
      disconnects,
      disconnectsAtMost,
      growing,
    });
    for (const alarm of raised) report({ type: 'alarm', at: at(), ...alarm });
  }

  async function pause(untilMs: number) {
    while (time.nowMs() < untilMs && watched.isRunning())
      await time.sleep(Math.min(pollMs, Math.max(0, untilMs - time.nowMs())), signal);
  }

  try {
    for (;;) {
      signal.throwIfAborted();
      try {
        await record(await watched.inspect(signal));
        failures = 0;
      } catch (error) {
        signal.throwIfAborted();
        if (!watched.isRunning()) return await end('exited');
        const { message: reason } = error as Error;
        failures++;
        if (total.inspections === 0 || failures >= mostFailures) return await end('failed', reason);
        report({ type: 'failed', at: at(), reason });
      }
      const nextMs = nextAfter(time.nowMs(), startMs, everyMs);
      const isOver = nextMs > startMs + (options.forMs ?? Infinity);
      if (isOver || total.inspections === options.inspections) return await end('limit');
      await pause(nextMs);
      if (!watched.isRunning()) return await end('exited');
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    return end('interrupted');
  }
}

const sumOf = (one: number | null, other: number | null) =>
  one === null || other === null ? null : one + other;

/** The time of the next inspection. If one takes longer than the interval, the next is left out. */
const nextAfter = (nowMs: number, startMs: number, everyMs: number) =>
  startMs + everyMs * (Math.floor((nowMs - startMs) / everyMs) + 1);
