/**
 * Which hosts are this machine. A load for any other host needs the permission of the user. Names
 * other than localhost are not resolved, since their address may change at any time.
 */
import { networkInterfaces } from 'node:os';
import type { UrlUnderTest } from './scenario.ts';

/** Names that the system resolves to loopback: RFC 6761. */
const localName = /^([\w-]+\.)*localhost\.?$/;

/** Whether ssebench resolves the host once for each generator. */
export const isLocalName = (host: string): boolean => localName.test(host);

/** Loopback, and the addresses that mean “any address of this machine”. */
const localHost =
  /^(127\.[\d.]+|0\.0\.0\.0|\[::1?\]|\[::ffff:7f[\da-f]{2}:[\da-f]+\]|([\w-]+\.)*localhost)\.?$/;

/** The addresses of the network interfaces of this machine, as in URLs. */
const ownAddresses = (): string[] =>
  Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .map(({ address, family }) => (family === 'IPv6' ? `[${address.split('%')[0]}]` : address));

let known: string[] | undefined;

/** @param addresses of this machine; by default read once, since each redirect needs them */
export function isLocalHost(
  { hostname }: Pick<URL, 'hostname'>,
  addresses: readonly string[] = (known ??= ownAddresses()),
): boolean {
  return localHost.test(hostname) || addresses.includes(hostname);
}

/** Whether the streams of a server stay on this machine. */
export const isLocal = ({ url, request }: Pick<UrlUnderTest, 'url' | 'request'>): boolean =>
  request.socketPath !== null || isLocalHost(new URL(url));
