/**
 * Inspects what a Node server holds: timers, sockets, memory. It asks V8 over the inspector, so the
 * server needs no change, and the inspection costs nothing until it is used.
 *
 * The functions passed to `call` and `callOnAll` run inside the server. They share data there under
 * one global symbol. Each inspection of timers is a full garbage collection that stops the server
 * for 0.1 to 0.4 s. There are two: one before the load and one after the measurement.
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

/** An expression for the prototype of timers. */
const timerPrototype = `(${prototypeOfTimers})()`;

/** Memory after a full garbage collection, without garbage. */
export interface HeldMemory {
  /**
   * V8's heap and the memory attached to it (Buffers, native structures). `null` if the server is
   * measured without the inspector.
   */
  heapBytes: number | null;
  /** Resident memory as the system counts it, including V8's reserve. */
  rssBytes: number;
}

/** Memory that V8 reports. */
export type InspectedMemory = HeldMemory & { heapBytes: number };

/** Objects that remain from the streams; `null` if nothing can count them. */
export interface HeldObjects {
  timers: number | null;
  sockets: number | null;
}

/** Numbers of timers by their repeat time in ms (`0`: they fire once). */
export type TimerGroups = Record<string, number>;

/**
 * Times on the common clock when timers were cleared, ascending, by their repeat time in ms (0:
 * none).
 */
export type Releases = Record<string, number[]>;

interface Store {
  /** The timers of the baseline. */
  ownTimers: WeakSet<TimerObject>;
  /** Watched timers that have not been cleared yet, and their groups. */
  watched: Map<TimerObject, string>;
  releases: Releases;
}
type Global = { [key: symbol]: Store };

/** The memory now, after a garbage collection. */
export async function takeMemory(inspector: Inspector): Promise<InspectedMemory> {
  await inspector.collectGarbage();
  return inspector.call(() => {
    const { heapUsed, external, rss } = process.memoryUsage();
    return { heapBytes: heapUsed + external, rssBytes: rss };
  });
}

/** Remembers the current timers as the server's own, so that later inspections exclude them. */
export async function takeBaseline(inspector: Inspector): Promise<InspectedMemory> {
  return inspector.callOnAll(timerPrototype, (timers: TimerObject[]) => {
    const { heapUsed, external, rss } = process.memoryUsage();
    (globalThis as never as Global)[Symbol.for('ssebench')] = {
      ownTimers: new WeakSet(timers),
    } as Store;
    return { heapBytes: heapUsed + external, rssBytes: rss };
  });
}

/**
 * Starts to watch, inside the server, all timers created since the baseline, and records when they
 * are cleared. It does not poll, so that each release in a burst of closing streams has its exact
 * time.
 */
export async function watchReleases(
  inspector: Inspector,
): Promise<InspectedMemory & { watched: TimerGroups }> {
  return inspector.callOnAll(
    timerPrototype,
    (timers: TimerObject[], read: ReadTimer, whenCleared: OnceCleared) => {
      const { heapUsed, external, rss } = process.memoryUsage(); // before the watch uses memory
      const store = (globalThis as never as Global)[Symbol.for('ssebench')]!;
      store.watched = new Map();
      const watched: TimerGroups = {};
      store.releases = {};
      for (const timer of timers) {
        const running = read(timer);
        if (running === undefined || store.ownTimers.has(timer)) continue;
        const group = String(running.everyMs ?? 0);
        const releasedNs = (store.releases[group] ??= []);
        watched[group] = (watched[group] ?? 0) + 1;
        store.watched.set(timer, group);
        whenCleared(timer, () => {
          store.watched.delete(timer);
          releasedNs.push(Number(process.hrtime.bigint()));
        });
      }
      return { heapBytes: heapUsed + external, rssBytes: rss, watched };
    },
    readTimer,
    onceCleared,
  );
}

/** The number of open connections of the server. */
export async function openSockets(inspector: Inspector): Promise<number> {
  return inspector.call(
    () => process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length,
  );
}

/** Watched timers that have not been cleared. */
export async function stillWatched(inspector: Inspector): Promise<TimerGroups> {
  return inspector.call(() => {
    const left: TimerGroups = {};
    const { watched } = (globalThis as never as Global)[Symbol.for('ssebench')]!;
    for (const group of watched.values()) left[group] = (left[group] ?? 0) + 1;
    return left;
  });
}

/** Running timers that fire once and were created since the baseline. */
export async function timersThatFireOnce(inspector: Inspector): Promise<number> {
  return inspector.callOnAll(
    timerPrototype,
    (timers: TimerObject[], read: ReadTimer) => {
      const { ownTimers } = (globalThis as never as Global)[Symbol.for('ssebench')]!;
      return timers.filter((timer) => !ownTimers.has(timer) && read(timer)?.everyMs === null)
        .length;
    },
    readTimer,
  );
}

/** Removes everything that the other functions have left in the server, except the watches. */
export async function forget(inspector: Inspector): Promise<void> {
  await inspector.call(
    () => delete (globalThis as never as Partial<Global>)[Symbol.for('ssebench')],
  );
}

/** When the watched timers were cleared. */
export async function releasesSeen(inspector: Inspector): Promise<Releases> {
  return inspector.call(() => (globalThis as never as Global)[Symbol.for('ssebench')]!.releases);
}
