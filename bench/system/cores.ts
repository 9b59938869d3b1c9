/**
 * Assigns processor cores to the server and the load, so that neither takes time from the other.
 */
import { readFileSync } from 'node:fs';

export interface Placement {
  /**
   * For servers that we start, or that their owner restricts to these cores; empty if the system
   * chooses.
   */
  server: number[];
  /** For the generators and this process. */
  load: number[];
  /** Whether a server that we did not start may run on any core, including those of the load. */
  unpinned: boolean;
}

/**
 * The server gets the first allowed core alone. With several processes it gets a core for each, but
 * at most half of all. If there are enough cores, the other hardware threads of its cores stay idle.
 * The load gets the rest.
 *
 * @param siblingsOf the hardware threads that share a core with this one, itself included
 * @returns `undefined` if there is only one core, which server and load must share
 */
export function placeOn(
  allowed: readonly number[],
  siblingsOf: (cpu: number) => readonly number[],
  serverProcesses = 1,
): Placement | undefined {
  if (allowed.length < 2) return undefined;
  const ofServer = Math.min(serverProcesses, Math.floor(allowed.length / 2));
  const [server, others] = [allowed.slice(0, ofServer), allowed.slice(ofServer)];
  const siblings = new Set(server.flatMap(siblingsOf));
  const apart = others.filter((cpu) => !siblings.has(cpu));
  return { server, load: apart.length > 0 ? apart : others, unpinned: false };
}

/**
 * The placement if some servers are such that we neither started nor move. If their owner
 * restricts them to cores that leave some free, the load gets the free ones. Otherwise the load
 * avoids the first core, so that they have it alone.
 *
 * @param usual the placement for servers that we start
 * @param startsServers whether we start any of the servers
 * @param theirs the cores that the other servers may run on; `undefined` if the system does not
 * report them
 */
export function placeBeside(
  usual: Placement,
  startsServers: boolean,
  theirs: readonly number[] | undefined,
): Placement {
  const { server, load } = usual;
  const free = (startsServers ? load : [...server, ...load]).filter(
    (core) => theirs?.includes(core) === false,
  );
  if (free.length === 0) return { server: startsServers ? server : [], load, unpinned: true };
  return { server: startsServers ? server : [...theirs!], load: free, unpinned: false };
}

/** Reads a list in the kernel's format: `0-2,5`. */
export function parseCpuList(text: string): number[] {
  return text
    .trim()
    .split(',')
    .filter((range) => range !== '')
    .flatMap((range) => {
      const [first = 0, last = first] = range.split('-').map(Number);
      return Array.from({ length: last - first + 1 }, (_, index) => first + index);
    });
}

/**
 * The cores that any of these processes may run on, ascending; `undefined` if the system does not
 * report them.
 */
export function coresOf(pids: readonly number[]): number[] | undefined {
  try {
    return [
      ...new Set(pids.flatMap((pid) => allowedCores(readFileSync(`/proc/${pid}/status`, 'utf8')))),
    ].toSorted((a, b) => a - b);
  } catch {
    return undefined;
  }
}

const allowedCores = (status: string) =>
  parseCpuList(/^Cpus_allowed_list:(.*)$/m.exec(status)?.[1] ?? '');

/**
 * The placement on this machine; `undefined` also if the system offers no choice of cores (not
 * Linux).
 */
export function placement(serverProcesses = 1): Placement | undefined {
  const siblingsOf = (cpu: number) =>
    parseCpuList(
      readFileSync(`/sys/devices/system/cpu/cpu${cpu}/topology/thread_siblings_list`, 'utf8'),
    );
  try {
    const allowed = allowedCores(readFileSync('/proc/self/status', 'utf8'));
    return placeOn(allowed, siblingsOf, serverProcesses);
  } catch {
    return undefined;
  }
}
