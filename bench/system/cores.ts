/** Which processor cores the server and the load get, so that neither takes time from the other. */
import { readFileSync } from 'node:fs';

export interface Placement {
  /** Of servers that we start, or that their owner keeps to these cores; empty where the system chooses. */
  server: number[];
  /** The generators, and this process. */
  load: number[];
  /** Whether a server that we did not start may run on any core, those of the load too. */
  unpinned: boolean;
}

/**
 * The server gets the first core that we may use, alone: the core's other hardware threads stay idle where
 * there are cores enough. The load gets the rest.
 *
 * @param siblingsOf the hardware threads that share a core with this one, itself included
 * @returns `undefined` where there is one core only, which then has to do for both
 */
export function placeOn(
  allowed: readonly number[],
  siblingsOf: (cpu: number) => readonly number[],
): Placement | undefined {
  const [server, ...others] = allowed;
  if (server === undefined || others.length === 0) return undefined;
  const siblings = siblingsOf(server);
  const apart = others.filter((cpu) => !siblings.includes(cpu));
  return { server: [server], load: apart.length > 0 ? apart : others, unpinned: false };
}

/**
 * The placement where servers are among the targets that we did not start and leave as they are. If their owner keeps them to
 * cores that leave us some, the load gets those. Else it stays off the first core, so that they have one to themselves.
 *
 * @param usual that of servers which we start
 * @param startsServers whether any of the targets is one
 * @param theirs the cores that those servers may run on; nothing where the system does not say
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

/** Reads a list as the kernel writes it: `0-2,5`. */
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

/** The cores that any of these processes may run on, ascending; `undefined` where the system does not say. */
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

/** The placement on this machine; `undefined` also where the system does not let us choose (not Linux). */
export function placement(): Placement | undefined {
  try {
    return placeOn(allowedCores(readFileSync('/proc/self/status', 'utf8')), (cpu) =>
      parseCpuList(
        readFileSync(`/sys/devices/system/cpu/cpu${cpu}/topology/thread_siblings_list`, 'utf8'),
      ),
    );
  } catch {
    return undefined;
  }
}
