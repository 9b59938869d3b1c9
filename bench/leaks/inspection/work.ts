/** Observes the work of a server, without stopping it. */
import type { Socket } from 'node:net';
import { familyOf, identityOf } from '../../system/processes.ts';
import { watchTree } from '../../system/process-tree.ts';
import { watchUpstreams } from '../../system/upstreams.ts';

/** The work of a server at a moment. */
export interface WorkSample {
  /**
   * CPU time of the process and its children; only differences mean something. `undefined` if it is
   * unknown, or contains other work.
   */
  cpuMs: number | undefined;
  /** Active timers of its main thread that keep the process running; `undefined` if unknown. */
  timers: number | undefined;
  /**
   * Connections that the process and its children have opened, as far as known without those that
   * wait in a pool: an identity → `127.0.0.1:9000`.
   */
  upstreams: ReadonlyMap<string, string>;
}

/** Adds up the work of processes of which none is a child of another. */
export const sumOfWork = (samples: readonly WorkSample[]): Omit<WorkSample, 'timers'> => ({
  cpuMs: samples.some(({ cpuMs }) => cpuMs === undefined)
    ? undefined
    : samples.reduce((sum, { cpuMs }) => sum + cpuMs!, 0),
  upstreams: new Map(samples.flatMap(({ upstreams }) => [...upstreams])),
});

/** For servers whose work cannot be observed. */
export const noWork: WorkSample = { cpuMs: undefined, timers: undefined, upstreams: new Map() };

/** The things that keep a process running. */
interface Active {
  timers: number;
  /** The local ports of its connections. Pools unref the connections that nobody uses. */
  ports: number[];
}
type WithHandles = typeof process & { _getActiveHandles?(): object[] };

/**
 * Runs inside the process. Node has these lists already, so this takes some microseconds.
 *
 * @returns `undefined` in Deno, and in Node before 20.16
 */
export function readActive(): Active | undefined {
  const node = globalThis.process as Partial<WithHandles> | undefined;
  const net = node?.getBuiltinModule?.('node:net');
  const handles = node?._getActiveHandles?.();
  const resources = node?.getActiveResourcesInfo?.();
  if (net === undefined || handles === undefined || resources === undefined) return undefined;
  const sockets = handles.filter((each): each is Socket => each instanceof net.Socket);
  return {
    timers: resources.filter((each) => each === 'Timeout').length,
    ports: sockets.flatMap(({ localPort }) => localPort ?? []),
  };
}

/** @param read reads what is active in the process; `undefined` if that is unknown */
export function createWorkWatch(
  pid: number,
  read: () => Promise<Active | undefined>,
): () => Promise<WorkSample> {
  const root = identityOf(pid);
  const family = () => (root ? familyOf([root]) : []);
  const usedByTree = watchTree(family);
  const upstreamsOfTree = watchUpstreams(() => family().map((one) => one.pid));
  return async () => {
    const used = usedByTree();
    const active = await read();
    const ports = active && new Set(active.ports);
    const upstreams = upstreamsOfTree().filter(({ localPort }) => ports?.has(localPort) ?? true);
    return {
      cpuMs: used && used.cpuNs / 1e6,
      timers: active?.timers,
      upstreams: new Map(upstreams.map(({ id, address }) => [id, address])),
    };
  };
}
