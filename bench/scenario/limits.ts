/** What a machine lets a run have: file descriptors and ports. */
import { isIPv4 } from 'node:net';

export interface MachineLimits {
  /** File descriptors that one process may open. */
  descriptors: number;
  /** Local ports of one address for connections to one other address. */
  ports: number;
}

/** Descriptors of a server or generator that are not streams. */
export const reservedDescriptors = 200;

/** Part of a port range that one address is given: other programs want some too. */
const usedShare = 0.8;

/**
 * Where streams connect from, so that ports suffice: on the loopback network every 127.x.y.z is ours.
 *
 * @returns the addresses to use in turn; `[undefined]` leaves the choice to the system
 */
export function localAddressesFor(
  hostname: string,
  streams: number,
  { ports }: MachineLimits,
): (string | undefined)[] {
  if (!isLoopbackNetwork(hostname) || streams <= ports * usedShare) return [undefined];
  const addresses = Math.ceil(streams / (ports * usedShare));
  return Array.from(
    { length: addresses },
    (_, index) => `127.0.${1 + Math.floor(index / 250)}.${1 + (index % 250)}`,
  );
}

/** Linux answers at all of 127.0.0.0/8; other systems at 127.0.0.1 alone. */
const isLoopbackNetwork = (hostname: string) =>
  isIPv4(hostname) && hostname.startsWith('127.') && process.platform === 'linux';
