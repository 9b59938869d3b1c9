/** A running server that ssebench inspects again and again. Linux only. */
import { attach } from '../../inspector/attach.ts';
import type { Inspector } from '../../inspector/inspect.ts';
import { isNodeOrDeno, optionsOf, programOf } from '../../inspector/may-signal.ts';
import type { Held } from '../../result/held.ts';
import { leaderOf, workersOf } from '../../system/cluster.ts';
import {
  connectionsTo,
  createDisconnectCounter,
  sampleRegularly,
  type DisconnectCounter,
} from '../../system/disconnects.ts';
import { isLoopback, listenersOf } from '../../system/listeners.ts';
import { identityOf, isSame, userOf } from '../../system/processes.ts';
import { portsOf, processesOn } from '../../system/sockets.ts';
import { withoutHint } from '../../under-test/inspectors.ts';
import type { KnownPlaces } from '../inspection/census.ts';
import { forgetCollections, rememberCollections } from '../inspection/collections-within.ts';
import { createEntryNamer } from '../inspection/entries.ts';
import { inspectFromInside } from '../inspection/inspection.ts';
import { serverPortsAmong } from './server-ports.ts';

/** The result of one inspection. */
export interface Inspected {
  held: readonly Held[];
  /** How long it stopped the process, including the way to it and back. */
  pauseMs: number;
  /** Whether the inspector was open before, and is still open. */
  inspectorWasOpen: boolean;
}

export interface WatchedProcess {
  pid: number;
  ports: readonly number[];
  isRunning(): boolean;
  connections: DisconnectCounter;
  /**
   * Opens the inspector, counts, and closes it again.
   *
   * @throws with a reason for people
   */
  inspect(signal: AbortSignal): Promise<Inspected>;
  /**
   * Names the variable of a collection, from one of its entries. Stops the process for a snapshot of
   * its heap. A process that does not answer names nothing.
   *
   * @returns `undefined` if the collection belongs to Node
   */
  nameOf(entry: Held, signal: AbortSignal): Promise<Held | undefined>;
  /**
   * Ends the counting of connections, and deletes what the inspections have left in the process.
   * Never fails.
   */
  end(): Promise<void>;
}

/** The process remembers larger collections only, so that watching it costs nothing. */
const leastEntries = 100;
const forgetsWithinMs = 5_000;

/**
 * @returns why the process cannot be watched, in one sentence; `undefined` if it can
 */
export function whyNotWatched(pid: number): string | undefined {
  const [user, own] = [userOf(pid), process.geteuid?.()];
  if (user === undefined) return `process ${pid} has ended; start the server first`;
  if (user !== own)
    return `process ${pid} belongs to user ${user}, and ssebench runs as user ${own}; run it as user ${user}`;
  const program = programOf(pid);
  if (program === undefined || !isNodeOrDeno(program))
    return `process ${pid} runs ${program ?? 'an unknown program'}, which is neither Node nor Deno, so it has no inspector; give the pid of the server, not of the program that started it`;
  if (leaderOf(pid) !== pid || workersOf(pid).length > 0)
    return `process ${pid} is part of a cluster (node:cluster), whose processes share their connections, so ssebench cannot count those of one; watch a server with one process`;
  const ports = portsIn(pid);
  if (ports.length === 0)
    return `process ${pid} does not listen on a TCP port, so ssebench cannot count its disconnects; give the pid of the process that listens`;
  const shared = ports.find((port) => processesOn(port).some((other) => other !== pid));
  return shared === undefined
    ? undefined
    : `port ${shared} of process ${pid} is shared with other processes, so ssebench cannot count the connections of one; watch a server with one process`;
}

const portsIn = (pid: number) => serverPortsAmong(listenersOf(pid), optionsOf(pid).port);

/**
 * @throws with a reason for people if the process cannot be watched
 */
export function watchedProcess(pid: number): WatchedProcess {
  const refusal = whyNotWatched(pid);
  const identity = identityOf(pid);
  if (refusal !== undefined || identity === undefined)
    throw new Error(refusal ?? `process ${pid} has ended`);
  const ports = portsIn(pid);
  const places: KnownPlaces = new Map();
  const connections = createDisconnectCounter(() => connectionsTo(pid, ports));
  const stopSampling = sampleRegularly(connections);
  let isInspected = false;
  const isRunning = () => isSame(identity, identityOf(pid));

  async function attached(signal: AbortSignal) {
    if (!isRunning()) throw new Error(`process ${pid} has ended`);
    const found = await attach(pid, ports[0]!, false, signal).catch((error: Error) => {
      throw new Error(withoutHint(error.message));
    });
    const { openBefore } = found;
    if (openBefore === undefined || isLoopback(openBefore.address)) return found;
    await found.end();
    throw new Error(
      `the inspector of process ${pid}, which is a debugger, is open at ${openBefore.address}, where other machines can reach it; restart the server without --inspect, or with --inspect=127.0.0.1:0`,
    );
  }
  return {
    pid,
    ports,
    isRunning,
    connections,
    async inspect(signal) {
      const { inspector, url, openBefore, end } = await attached(signal);
      isInspected = true;
      const pauses = timed(inspector);
      const inspection = inspectFromInside(pauses.inspector, pid, false, end, places);
      const held = await inspector
        .call(rememberCollections, leastEntries)
        .then(inspection.take)
        .finally(inspection.end);
      const port = Number(new URL(url).port);
      if (openBefore === undefined && portsOf(pid).includes(port))
        throw new Error(
          `the inspector of process ${pid}, which is a debugger, is still open at port ${port} of this machine, because the process is busy; it closes when the process continues`,
        );
      return { held, pauseMs: pauses.longestMs(), inspectorWasOpen: openBefore !== undefined };
    },
    async nameOf(entry, signal) {
      try {
        const { inspector, end } = await attached(signal);
        const [named] = await createEntryNamer(inspector)([entry]).finally(end);
        return named;
      } catch {
        return entry;
      }
    },
    async end() {
      stopSampling();
      if (!isInspected || !isRunning()) return;
      try {
        const { inspector, end } = await attached(AbortSignal.timeout(forgetsWithinMs));
        await inspector.call(forgetCollections).finally(end);
      } catch {
        // The process has ended, or is busy.
      }
    },
  };
}

/** Measures the calls that stop the process. */
function timed(inspector: Inspector): { inspector: Inspector; longestMs(): number } {
  let longestMs = 0;
  const callOnAllAtOnce: Inspector['callOnAllAtOnce'] = async (...parts) => {
    const startMs = performance.now();
    const result = await inspector.callOnAllAtOnce(...parts);
    longestMs = Math.max(longestMs, performance.now() - startMs);
    return result;
  };
  return { inspector: { ...inspector, callOnAllAtOnce }, longestMs: () => longestMs };
}
