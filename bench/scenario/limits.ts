/** The limits that a machine sets for a run: file descriptors and ports. */
import { isIPv4 } from 'node:net';

export interface MachineLimits {
  /** The limit of file descriptors for one process. */
  descriptors: number;
  /** Local ports that one address has for connections to one other address. */
  ports: number;
  /** Memory that processes can still get. */
  memoryBytes: number;
}

/** Descriptors of a server or generator besides those of its streams. */
export const reservedDescriptors = 200;

/**
 * The share of the port range that ssebench uses on one address. Linux searches for a free port
 * among half of the range, and if the local address is given, among a quarter. Once these ports are
 * taken, each connection costs 1 to 6 ms of CPU instead of 0.02 ms.
 */
const usedShare = { ofUsualAddress: 0.4, ofGivenAddress: 0.2 };

/**
 * The local addresses for streams, so that free ports are found quickly. On the loopback network every
 * address 127.x.y.z is available.
 *
 * @returns the addresses to use in turn; `[undefined]` lets the system choose
 */
export function localAddressesFor(
  hostname: string,
  streams: number,
  { ports }: MachineLimits,
): (string | undefined)[] {
  if (!isLoopbackNetwork(hostname) || streams <= ports * usedShare.ofUsualAddress)
    return [undefined];
  const addresses = Math.ceil(streams / (ports * usedShare.ofGivenAddress));
  return Array.from(
    { length: addresses },
    (_, index) => `127.0.${1 + Math.floor(index / 250)}.${1 + (index % 250)}`,
  );
}

/** Linux answers on all of 127.0.0.0/8, other systems only on 127.0.0.1. */
const isLoopbackNetwork = (hostname: string) =>
  isIPv4(hostname) && hostname.startsWith('127.') && process.platform === 'linux';
