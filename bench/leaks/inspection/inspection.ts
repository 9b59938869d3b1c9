/** How one looks at what a server holds: the strongest way that it allows. */
import { attach, attachByLifeline } from '../../inspector/attach.ts';
import type { Inspector } from '../../inspector/inspect.ts';
import type { Lifelines } from '../../inspector/lifelines.ts';
import { programOf } from '../../inspector/may-signal.ts';
import { takeMemory } from '../../under-test/holdings.ts';
import { sampleProcess } from '../../system/process.ts';
import { connectionsOf, openDescriptors } from '../../system/sockets.ts';
import { createCensus, keepersOfResponses } from './census.ts';
import { countRunningTimers, takeClearings } from './count-within.ts';
import type { InspectionKind } from '../../result/leak-result.ts';
import type { Held } from '../../result/held.ts';
import { createActivityWatch } from './outside.ts';

/** What can be told of a server without disturbing it; nothing where nobody can. */
export interface Glance {
  connections: number | undefined;
  /** Timers of the program that are running: only the probe knows. */
  timers: number | undefined;
}

export interface Inspection {
  kind: InspectionKind;
  /** Why no stronger one; empty where that was the strongest, or was asked for. */
  why: string;
  /** Everything that it holds. From inside that stops the server for a full collection; from outside it takes a while. */
  take(): Promise<Held[]>;
  glance(): Promise<Glance>;
  /** The kinds of collections that hold responses which are over; none where nobody can tell. */
  keepersOfResponses(): Promise<string[]>;
  /** What its memory holds, after a collection where it can be asked for one. */
  memoryBytes(): Promise<number>;
  /**
   * When timers were cleared since this was last asked, by the place of their creation: only the probe knows. Nanoseconds
   * of the clock that all processes of a machine share.
   */
  clearings(): Promise<number[][]>;
  /** Ends the session, where there is one, and leaves the process as it was. */
  end(): Promise<void>;
}

/** A worker of a cluster may still start. */
const connectsWithinMs = 10_000;

/** What V8 knows of, and what the system does. */
export function inspectFromInside(
  inspector: Inspector,
  pid: number,
  traced: boolean,
  end: () => Promise<void> = inspector.close,
): Inspection {
  const census = createCensus(inspector);
  return {
    kind: traced ? 'probe' : 'inspector',
    why: '',
    take: async () => [...(await census()), ...descriptorsHeld(pid)],
    glance: async () => ({
      connections: connectionsOf(pid),
      timers: traced ? await inspector.call(countRunningTimers) : undefined,
    }),
    keepersOfResponses: () => keepersOfResponses(inspector),
    memoryBytes: async () => (await takeMemory(inspector)).heapBytes,
    clearings: async () => (traced ? inspector.call(takeClearings) : []),
    end,
  };
}

/** For programs in any language: what the system knows of them. Linux. */
export function inspectFromOutside(pid: number, why: string): Inspection {
  if (openDescriptors(pid) === undefined)
    throw new Error(
      `the system tells nothing of process ${pid}; that needs Linux, and a process of this user`,
    );
  const activity = createActivityWatch(pid);
  return {
    kind: 'outside',
    why,
    take: async () => [...(await activity()), ...descriptorsHeld(pid)],
    glance: async () => ({ connections: connectionsOf(pid), timers: undefined }),
    keepersOfResponses: async () => [],
    memoryBytes: async () => sampleProcess(pid)?.rssBytes ?? 0,
    clearings: async () => [],
    end: async () => {},
  };
}

/** How a process is inspected. */
export interface InspectionOptions {
  /** The way that a person wants, if any. */
  asked: InspectionKind | undefined;
  traced: boolean;
  /** The port of the stream. */
  serverPort: number;
  /** Where a process that we started connects to, if it has the preload. */
  lifelines: Lifelines | undefined;
  signal: AbortSignal;
}

/**
 * Inspects a process that runs already. One that is Node or Deno must let us in: to look from outside instead would
 * let pass what could have been seen.
 *
 * @throws where nobody can look, with the reason, for a person
 */
export async function inspectProcess(
  pid: number,
  { asked, traced, serverPort, lifelines, signal }: InspectionOptions,
): Promise<Inspection> {
  if (asked === 'outside') return inspectFromOutside(pid, '');
  const program = programOf(pid);
  // Others may catch the signal too, for purposes of their own: Go always does, and Puma starts anew.
  if (asked === undefined && program !== undefined && !/^(node|nodejs|deno)$/.test(program)) {
    return inspectFromOutside(
      pid,
      `${program} is not known to have an inspector of V8’s; --look inspector asks it for one`,
    );
  }
  const connects = program !== 'deno' && lifelines?.isExpected(pid) === true;
  const lifeline = connects ? await lifelines.of(pid, connectsWithinMs, signal) : undefined;
  const { inspector, end } = lifeline
    ? await attachByLifeline(lifeline)
    : await attach(pid, serverPort, lifelines !== undefined, signal);
  return inspectFromInside(inspector, pid, traced, end);
}

function descriptorsHeld(pid: number): Held[] {
  const open = openDescriptors(pid);
  if (!open) return [];
  const base = { place: undefined, library: undefined, traced: false };
  return [
    { ...base, kind: 'socket', what: 'open socket', count: open.connections },
    { ...base, kind: 'descriptor', what: 'open file or pipe', count: open.others },
  ];
}
