/** What this machine lets a run have: file descriptors and ports. Read before anything starts. */
import { readFileSync } from 'node:fs';

export interface MachineLimits {
  /** File descriptors that one process may open. */
  descriptors: number;
  /** Local ports of one address for connections to one other address. */
  ports: number;
}

/** Descriptors of a server or generator that are not streams. */
export const reservedDescriptors = 200;

/** The range that most systems without `/proc` use: 49152 to 65535. */
const usualPorts = 16_384;

/** Node's diagnostic report, the part that is missing from its types. */
interface Report {
  /** Without it the report looks up the name of every peer. */
  excludeNetwork: boolean;
  getReport(): { userLimits?: { open_files?: { soft: number | 'unlimited' } } };
}

export function machineLimits(): MachineLimits {
  const report = process.report as unknown as Report;
  report.excludeNetwork = true;
  const soft = report.getReport().userLimits?.open_files?.soft;
  return { descriptors: typeof soft === 'number' ? soft : Infinity, ports: ephemeralPorts() };
}

function ephemeralPorts(): number {
  try {
    const [first, last] = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').trim().split(/\s+/).map(Number);
    return last! - first! + 1;
  } catch {
    return usualPorts;
  }
}

/** Part of a port range that one address is given: other programs want some too. */
const usedShare = 0.8;

/**
 * Where streams connect from, so that ports suffice: on the loopback network every 127.x.y.z is ours.
 *
 * @returns the addresses to use in turn; `[undefined]` leaves the choice to the system
 */
export function localAddressesFor(hostname: string, streams: number, { ports }: MachineLimits): (string | undefined)[] {
  if (!hostname.startsWith('127.') || streams <= ports * usedShare) return [undefined];
  const addresses = Math.ceil(streams / (ports * usedShare));
  return Array.from({ length: addresses }, (_, index) => `127.0.${1 + Math.floor(index / 250)}.${1 + (index % 250)}`);
}
