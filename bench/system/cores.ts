/** Which processor cores the server and the load get, so that neither takes time from the other. */
import { readFileSync } from 'node:fs';

export interface Placement {
  server: number[];
  /** The generators, and this process. */
  load: number[];
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
  return { server: [server], load: apart.length > 0 ? apart : others };
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

/** The placement on this machine; `undefined` also where the system does not let us choose (not Linux). */
export function placement(): Placement | undefined {
  try {
    const status = readFileSync('/proc/self/status', 'utf8');
    const allowed = parseCpuList(/^Cpus_allowed_list:(.*)$/m.exec(status)?.[1] ?? '');
    return placeOn(allowed, (cpu) =>
      parseCpuList(
        readFileSync(`/sys/devices/system/cpu/cpu${cpu}/topology/thread_siblings_list`, 'utf8'),
      ),
    );
  } catch {
    return undefined;
  }
}
