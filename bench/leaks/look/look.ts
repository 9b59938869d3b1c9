/** How one looks at what a server holds: the strongest way that it allows. */
import { readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { attach } from '../../target/attach.ts';
import { closeOwnInspector, type Inspector } from '../../target/inspect.ts';
import { takeMemory } from '../../target/holdings.ts';
import { sampleProcess } from '../../target/process.ts';
import { openDescriptors } from '../../target/sockets.ts';
import { createCensus, keepersOfResponses } from './census.ts';
import { countRunningTimers, takeClearings } from './count-within.ts';
import type { LookKind } from './kinds.ts';
import type { Held } from '../../measure/held.ts';
import { createActivityWatch } from './outside.ts';

/** What can be told of a server without disturbing it; nothing where nobody can. */
export interface Glance {
  connections: number | undefined;
  /** Timers of the program that are running: only the probe knows. */
  timers: number | undefined;
}

export interface Look {
  kind: LookKind;
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

/** What V8 knows of, and what the system does. */
export function lookInside(inspector: Inspector, pid: number, traced: boolean, end: () => Promise<void> | void = () => {}): Look {
  const census = createCensus(inspector);
  return {
    kind: traced ? 'probe' : 'inspector',
    why: '',
    take: async () => [...(await census()), ...descriptorsHeld(pid)],
    glance: async () => ({ connections: openDescriptors(pid)?.connections, timers: traced ? await inspector.call(countRunningTimers) : undefined }),
    keepersOfResponses: () => keepersOfResponses(inspector),
    memoryBytes: async () => (await takeMemory(inspector)).heapBytes,
    clearings: async () => (traced ? inspector.call(takeClearings) : []),
    async end() {
      try {
        await end();
      } catch {
        // It has ended, and its inspector with it.
      } finally {
        inspector.close();
      }
    },
  };
}

/** For programs in any language: what the system knows of them. Linux. */
export function lookFromOutside(pid: number, why: string): Look {
  if (openDescriptors(pid) === undefined) throw new Error(`the system tells nothing of process ${pid}; that needs Linux, and a process of this user`);
  const activity = createActivityWatch(pid);
  return {
    kind: 'outside',
    why,
    take: async () => [...(await activity()), ...descriptorsHeld(pid)],
    glance: async () => ({ connections: openDescriptors(pid)?.connections, timers: undefined }),
    keepersOfResponses: async () => [],
    memoryBytes: async () => sampleProcess(pid)?.rssBytes ?? 0,
    clearings: async () => [],
    end: async () => {},
  };
}

/**
 * Looks into a process that runs already. One that is Node or Deno must let us in: to look from outside instead would
 * let pass what could have been seen.
 *
 * @param asked the way that a person wants, if any
 * @throws where nobody can look, with the reason, for a person
 */
export async function lookInto(pid: number, asked: LookKind | undefined, traced: boolean, signal: AbortSignal): Promise<Look> {
  if (asked === 'outside') return lookFromOutside(pid, '');
  const program = programOf(pid);
  // Others may catch the signal too, for purposes of their own: Go always does, and Puma starts anew.
  if (asked === undefined && program !== undefined && !/^(node|nodejs|deno)$/.test(program)) {
    return lookFromOutside(pid, `${program} is not known to have an inspector of V8’s; --look inspector asks it for one`);
  }
  const { inspector, opened } = await attach(pid, signal);
  return lookInside(inspector, pid, traced, () => (opened ? closeOwnInspector(inspector) : undefined));
}

/** The name of the program that a process runs. */
function programOf(pid: number): string | undefined {
  try {
    return basename(readlinkSync(`/proc/${pid}/exe`));
  } catch {
    return undefined; // no Linux, or not ours
  }
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
