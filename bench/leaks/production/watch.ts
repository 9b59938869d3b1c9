/** Watches a running process: inspects it at intervals, until a limit, Ctrl-C or its end. */
import type { Held } from '../../result/held.ts';
import type { WatchEnd, WatchLine } from '../../result/watch-result.ts';
import type { Time } from '../../system/time.ts';
import { createJournal, type Journal } from './journal.ts';
import type { WatchedProcess } from './watched-process.ts';

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

type Ending = Pick<WatchEnd, 'because' | 'reason'>;

const exited: Ending = { because: 'exited', reason: null };

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
  const { tolerated, isIgnored, snapshot, everyMs } = options;
  const nameOf = async (entry: Held) => (snapshot ? watched.nameOf(entry, signal) : entry);
  const journal = createJournal({ tolerated, isIgnored, nameOf, date, report });
  journal.start(watched, everyMs);
  let ending: Ending = { because: 'interrupted', reason: null };
  try {
    ending = await inspectUntilEnd(watched, options, journal, time, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await watched.end();
  }
  return journal.end(ending.because, ending.reason);
}

/** @throws if the signal is aborted */
async function inspectUntilEnd(
  watched: WatchedProcess,
  { everyMs, forMs = Infinity, inspections }: WatchOptions,
  journal: Journal,
  time: Time,
  signal: AbortSignal,
): Promise<Ending> {
  const startMs = time.nowMs();
  let failures = 0;
  for (;;) {
    signal.throwIfAborted();
    const inspected = await watched.inspect(signal).catch((error: Error) => error);
    if (inspected instanceof Error) {
      signal.throwIfAborted();
      if (!watched.isRunning()) return exited;
      const reason = inspected.message;
      failures++;
      if (journal.inspections() === 0 || failures >= mostFailures)
        return { because: 'failed', reason };
      journal.failed(reason);
    } else {
      await journal.inspected(inspected, watched.connections.take());
      failures = 0;
    }
    const nextMs = nextAfter(time.nowMs(), startMs, everyMs);
    if (nextMs > startMs + forMs || journal.inspections() === inspections)
      return { because: 'limit', reason: null };
    while (time.nowMs() < nextMs && watched.isRunning())
      await time.sleep(Math.min(pollMs, Math.max(0, nextMs - time.nowMs())), signal);
    if (!watched.isRunning()) return exited;
  }
}

/** The time of the next inspection. If one takes longer than the interval, the next is left out. */
const nextAfter = (nowMs: number, startMs: number, everyMs: number) =>
  startMs + everyMs * (Math.floor((nowMs - startMs) / everyMs) + 1);
