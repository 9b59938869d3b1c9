/** Observes what a server does, without stopping it. */
import { familyOf, identityOf } from '../../system/processes.ts';
import { watchTree } from '../../system/process-tree.ts';
import { watchUpstreams, type Upstreams } from '../../system/upstreams.ts';

/** The work of a server at a moment. */
export interface WorkSample {
  /**
   * CPU time of the process and its children; only differences mean something. `undefined` if it is
   * unknown, or contains other work.
   */
  cpuMs: number | undefined;
  /** Active timers of its main thread that keep the process running; `undefined` if unknown. */
  timers: number | undefined;
  /** Open connections that the process and its children have opened. */
  upstreams: Upstreams;
}

/** For servers whose work cannot be observed. */
export const noWork: WorkSample = { cpuMs: undefined, timers: undefined, upstreams: new Map() };

/**
 * Runs inside the process. It stops nothing: Node has the number.
 *
 * @returns `undefined` in Deno
 */
export function countActiveTimers(): number | undefined {
  return (globalThis.process as Partial<typeof process> | undefined)
    ?.getActiveResourcesInfo?.()
    .filter((each) => each === 'Timeout').length;
}

/** @param countTimers counts the active timers of the process */
export function createWorkWatch(
  pid: number,
  countTimers: () => Promise<number | undefined>,
): () => Promise<WorkSample> {
  const root = identityOf(pid);
  const family = () => (root ? familyOf([root]) : []);
  const usedByTree = watchTree(family);
  const upstreams = watchUpstreams(() => family().map((one) => one.pid));
  return async () => {
    const used = usedByTree();
    return {
      cpuMs: used && used.cpuNs / 1e6,
      timers: await countTimers(),
      upstreams: upstreams(),
    };
  };
}
