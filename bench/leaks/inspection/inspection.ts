/** Inspects what a server holds, in the strongest way that the server allows. */
import { attach, attachByLifeline } from '../../inspector/attach.ts';
import type { Inspector } from '../../inspector/inspect.ts';
import type { Lifelines } from '../../inspector/lifelines.ts';
import { isNodeOrDeno, programOf } from '../../inspector/may-signal.ts';
import { within } from '../../system/deadline.ts';
import { takeMemory } from '../../under-test/holdings.ts';
import { sampleProcess } from '../../system/process.ts';
import { connectionsOf, openDescriptors } from '../../system/sockets.ts';
import { createCensus, keepersOfResponses, type KnownPlaces } from './census.ts';
import { forgetCollections } from './collections-within.ts';
import { countRunningTimers, forget, takeClearings } from './count-within.ts';
import { createEntryNamer } from './entries.ts';
import { createGeneratorNamer } from './generators.ts';
import type { InspectionKind, Leak } from '../../result/leak-result.ts';
import { heldKey, type Held } from '../../result/held.ts';
import { createActivityWatch } from './outside.ts';
import { queuedInSockets, type Queued } from './queues-within.ts';
import { readActive, createWorkWatch, type WorkSample } from './work.ts';

/** Observations that do not disturb the server; `undefined` if they are not available. */
export interface Glance {
  connections: number | undefined;
  /** Running timers of the program. Only the probe can count them. */
  timers: number | undefined;
}

export interface Inspection {
  kind: InspectionKind;
  /**
   * Why no stronger kind of inspection was used; empty if this is the strongest, or was given
   * explicitly.
   */
  why: string;
  /**
   * Counts everything the server holds. From inside, this stops the server for a full garbage
   * collection; from outside, it takes a second or more.
   */
  take(): Promise<Held[]>;
  glance(): Promise<Glance>;
  /** The present work of the server. This does not disturb it. */
  work(): Promise<WorkSample>;
  /** The kinds of collections that hold ended responses; empty if unknown. */
  keepersOfResponses(): Promise<string[]>;
  /** Leaves these things out of all later counts, by their `heldKey`. */
  leaveOut(keys: ReadonlySet<string>): void;
  /**
   * The same leaks, with the names of collections whose entries leak, and with the places where
   * generators wait. May stop the server.
   */
  named(leaks: readonly Leak[]): Promise<Leak[]>;
  /** Memory in use, after a garbage collection if one can be requested. */
  memoryBytes(): Promise<number>;
  /** The memory in use, and the part of it that waits in the sockets of clients. */
  queued(): Promise<Queued>;
  /**
   * V8's heap in KB, after a garbage collection. `undefined` if it cannot be read, or contains the
   * memory of ssebench.
   */
  heapKb(): Promise<number | undefined>;
  /**
   * Times at which timers were cleared since the last call, grouped by the place of their creation.
   * Only the probe records them. In nanoseconds of the clock that all processes of a machine share.
   */
  clearings(): Promise<number[][]>;
  /** Ends the session, if any, and restores the process to its previous state. */
  end(): Promise<void>;
}

const forgetsWithinMs = 1_000;
/** A worker of a cluster may still be starting. */
const connectsWithinMs = 10_000;

/**
 * Combines what V8 knows with what the operating system knows.
 *
 * @param places shared by several sessions; the process then remembers its collections
 */
export function inspectFromInside(
  inspector: Inspector,
  pid: number,
  traced: boolean,
  end: () => Promise<void> = inspector.close,
  places?: KnownPlaces,
): Inspection {
  const census = createCensus(inspector, places);
  const leftOut = new Set<string>();
  const namers = [createEntryNamer(inspector), createGeneratorNamer(inspector)];
  return {
    kind: traced ? 'probe' : 'inspector',
    why: '',
    async take() {
      const { connections, descriptors, ...counts } = await census();
      const held = counts.held.filter((each) => !leftOut.has(heldKey(each)));
      return [...held, ...descriptorsHeld(pid, { connections, descriptors, anonymous: false })];
    },
    glance: async () => ({
      connections: connectionsOf(pid),
      timers: traced ? await inspector.call(countRunningTimers) : undefined,
    }),
    work: createWorkWatch(pid, () => inspector.call(readActive)),
    keepersOfResponses: () => keepersOfResponses(inspector),
    leaveOut(keys) {
      for (const key of keys) leftOut.add(key);
    },
    async named(leaks) {
      let named = [...leaks];
      for (const name of namers) named = await name(named);
      return named;
    },
    memoryBytes: async () => (await takeMemory(inspector)).heapBytes,
    queued: () => queuedInSockets(inspector),
    heapKb: async () =>
      pid === process.pid ? undefined : (await takeMemory(inspector)).heapBytes / 1024,
    clearings: async () => (traced ? inspector.call(takeClearings) : []),
    async end() {
      const forgotten = Promise.all([
        ...(places === undefined ? [inspector.call(forgetCollections)] : []),
        inspector.call(forget),
      ]);
      // A process that ends or hangs keeps what the inspections have left behind.
      await within(forgetsWithinMs, 'the process does not answer', forgotten).catch(() => {});
      await end();
    },
  };
}

/** For programs in any language, with what the operating system knows of them. Linux only. */
export function inspectFromOutside(pid: number, why: string): Inspection {
  if (openDescriptors(pid) === undefined)
    throw new Error(
      `process ${pid} cannot be inspected from outside: /proc/${pid}/fd is not readable; this needs Linux, and a process of the current user`,
    );
  const activity = createActivityWatch(pid);
  return {
    kind: 'outside',
    why,
    take: async () => [...(await activity()), ...descriptorsHeld(pid)],
    glance: async () => ({ connections: connectionsOf(pid), timers: undefined }),
    work: createWorkWatch(pid, async () => undefined),
    keepersOfResponses: async () => [],
    leaveOut() {},
    named: async (leaks) => [...leaks],
    memoryBytes: async () => sampleProcess(pid)?.rssBytes ?? 0,
    queued: async () => ({
      memoryBytes: sampleProcess(pid)?.rssBytes ?? 0,
      queuedBytes: 0,
      beyondMarkBytes: 0,
    }),
    heapKb: async () => undefined,
    clearings: async () => [],
    end: async () => {},
  };
}

/** Options for the inspection of a process. */
export interface InspectionOptions {
  /** The kind of inspection given explicitly, if any. */
  given: InspectionKind | undefined;
  traced: boolean;
  /** The port on which the server offers its stream. */
  serverPort: number;
  /** Where a process that we started connects to, if it loads our preload script. */
  lifelines: Lifelines | undefined;
  signal: AbortSignal;
}

/**
 * Inspects a running process. Node and Deno must allow the inspector: an inspection from outside
 * would miss leaks that can be found.
 *
 * @throws with a reason for the user if the process cannot be inspected
 */
export async function inspectProcess(
  pid: number,
  { given, traced, serverPort, lifelines, signal }: InspectionOptions,
): Promise<Inspection> {
  if (given === 'outside') return inspectFromOutside(pid, '');
  const program = programOf(pid);
  // Other programs may use this signal for their own purposes: Go always handles it, and Puma
  // restarts.
  if (given === undefined && program !== undefined && !isNodeOrDeno(program)) {
    return inspectFromOutside(
      pid,
      `${program} is neither Node nor Deno; if it has a V8 inspector, use --inspection inspector`,
    );
  }
  const connects = program !== 'deno' && lifelines?.isExpected(pid) === true;
  const lifeline = connects ? await lifelines.of(pid, connectsWithinMs, signal) : undefined;
  const { inspector, end } = lifeline
    ? await attachByLifeline(lifeline)
    : await attach(pid, serverPort, lifelines !== undefined, signal);
  return inspectFromInside(inspector, pid, traced, end);
}

/**
 * @param known those that belong to things that were counted; and whether descriptors without a
 * file count, which each thread of Node has
 */
function descriptorsHeld(
  pid: number,
  known = { connections: 0, descriptors: 0, anonymous: true },
): Held[] {
  const open = openDescriptors(pid);
  if (!open) return [];
  const base = { place: undefined, library: undefined, traced: false };
  const others = open.others - (known.anonymous ? 0 : open.anonymous);
  const atLeast = (count: number) => Math.max(0, count);
  return [
    {
      ...base,
      kind: 'socket',
      what: 'open socket',
      count: atLeast(open.connections - known.connections),
    },
    {
      ...base,
      kind: 'descriptor',
      what: 'open file or pipe',
      count: atLeast(others - known.descriptors),
    },
  ];
}
