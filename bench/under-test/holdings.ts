/**
 * What a Node server holds on to: timers, sockets, memory. Asked of V8 over the inspector, so that the
 * server needs no change and pays nothing before the question.
 *
 * The functions that are passed to `call` and `callOnAll` run inside the server. What one of them leaves
 * for the next is kept there, under one global symbol. Each question for timers is a full collection that
 * stops the server for 0.1 to 0.4 s: there are two, one before the load and one after the measuring.
 */
import type { Inspector } from '../inspector/inspect.ts';
import {
  onceCleared,
  prototypeOfTimers,
  readTimer,
  type OnceCleared,
  type ReadTimer,
  type TimerObject,
} from '../inspector/timers.ts';

/** An expression. */
const timerPrototype = `(${prototypeOfTimers})()`;

/** Memory after a full collection: what is really held, without garbage that waits to be collected. */
export interface HeldMemory {
  /** V8's heap and what hangs off it (Buffers, native structures). */
  heapBytes: number;
  /** Resident, as the system counts it: also what V8 keeps in reserve. */
  rssBytes: number;
}

/** What is left of the streams. */
export interface HeldObjects {
  timers: number;
  sockets: number;
}

/** Times on the common clock at which timers were cleared, ascending, by their repeat time in ms (0: none). */
export type Releases = Record<string, number[]>;

interface Store {
  /** The baseline. */
  ownTimers: WeakSet<TimerObject>;
  /** Timers that are watched and have not been cleared yet. */
  watched: Set<TimerObject>;
  releases: Releases;
}
type Global = { [key: symbol]: Store };

/** Memory now, after a collection. */
export async function takeMemory(inspector: Inspector): Promise<HeldMemory> {
  return inspector.callOnAll(timerPrototype, () => {
    const { heapUsed, external, rss } = process.memoryUsage();
    return { heapBytes: heapUsed + external, rssBytes: rss };
  });
}

/** Remembers the timers of now as the server's own, so that later questions leave them out. */
export async function takeBaseline(inspector: Inspector): Promise<HeldMemory> {
  return inspector.callOnAll(timerPrototype, (timers: TimerObject[]) => {
    const { heapUsed, external, rss } = process.memoryUsage();
    (globalThis as never as Global)[Symbol.for('ssebench')] = {
      ownTimers: new WeakSet(timers),
    } as Store;
    return { heapBytes: heapUsed + external, rssBytes: rss };
  });
}

/**
 * Starts to watch, inside the server, all timers that are new since the baseline, and notes when they are cleared. Nothing
 * polls, so that a burst of closing streams shows each release when it happens.
 */
export async function watchReleases(inspector: Inspector): Promise<HeldMemory> {
  return inspector.callOnAll(
    timerPrototype,
    (timers: TimerObject[], read: ReadTimer, whenCleared: OnceCleared) => {
      const { heapUsed, external, rss } = process.memoryUsage(); // before the watch takes its own
      const store = (globalThis as never as Global)[Symbol.for('ssebench')]!;
      store.watched = new Set();
      store.releases = {};
      for (const timer of timers) {
        const running = read(timer);
        if (running === undefined || store.ownTimers.has(timer)) continue;
        const releasedNs = (store.releases[running.everyMs ?? 0] ??= []);
        store.watched.add(timer);
        whenCleared(timer, () => {
          store.watched.delete(timer);
          releasedNs.push(Number(process.hrtime.bigint()));
        });
      }
      return { heapBytes: heapUsed + external, rssBytes: rss };
    },
    readTimer,
    onceCleared,
  );
}

/** How many connections the server has open now. */
export async function openSockets(inspector: Inspector): Promise<number> {
  return inspector.call(
    () => process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length,
  );
}

/** Timers that were watched and have not been cleared, and connections that are open. */
export async function stillHeld(inspector: Inspector): Promise<HeldObjects> {
  const timers = await inspector.call(
    () => (globalThis as never as Global)[Symbol.for('ssebench')]!.watched.size,
  );
  return { timers, sockets: await openSockets(inspector) };
}

/** When the watched timers were cleared. */
export async function releasesSeen(inspector: Inspector): Promise<Releases> {
  return inspector.call(() => (globalThis as never as Global)[Symbol.for('ssebench')]!.releases);
}
