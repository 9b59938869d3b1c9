/**
 * A network namespace that contains only its loopback device. In it, ssebench can make socket
 * buffers small and cut the connection between server and clients without affecting anything else.
 * Needs Linux with `unshare` and `ip`.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { plainRequest, type RequestOptions } from '../../scenario/request-options.ts';
import type { ServerSpec } from '../checked-server/checked-server.ts';

/**
 * Clients that can be cut off use this address. The server uses another address of the same device.
 */
export const cutAddress = '127.0.0.2';
/**
 * With tcp_retries2 = 3, as set here, the system stops resending after 3 to 8 s. By this time it
 * has given up.
 */
export const networkFailsWithinMs = 15_000;

/** As root, or in a user namespace if the system allows it. */
const ways = [
  ['unshare', '--net'],
  ['unshare', '--map-root-user', '--net'],
] as const;

/**
 * Smallest, initial and largest buffer sizes of a socket, in bytes. The buffers of clients that do
 * not read stay at the initial size. Buffers of this size fill up in 2 s if a server sends 3 KB per
 * second; with the usual sizes of Linux, that takes several minutes.
 */
const settings = {
  'net/ipv4/tcp_rmem': '4096 4096 6291456',
  'net/ipv4/tcp_wmem': '4096 4096 4096',
  'net/ipv4/tcp_retries2': '3',
};

let found: { way: readonly string[] | undefined } | undefined;

/** The command prefix that runs a process in its own network namespace. Determined once. */
function wayIn(): readonly string[] | undefined {
  const works = (way: readonly string[]) =>
    spawnSync(way[0]!, [...way.slice(1), 'ip', 'link', 'set', 'lo', 'up'], { stdio: 'ignore' })
      .status === 0;
  return (found ??= { way: process.platform === 'linux' ? ways.find(works) : undefined }).way;
}

/** @returns why a server cannot be checked in its own network namespace, if so */
export function whyNoOwnNetwork(
  spec: ServerSpec,
  { socketPath }: Pick<RequestOptions, 'socketPath'> = plainRequest,
): string | undefined {
  if (socketPath !== null)
    return 'this mode needs a separate network namespace, and a Unix socket belongs to no network; use the other modes';
  if (spec.kind === 'process' || spec.kind === 'own')
    return 'this mode needs a separate network namespace, and a running server cannot move into one; let ssebench start it, with -- and its command';
  if (spec.kind === 'command' && !/^(127\.[\d.]+|localhost)$/.test(new URL(spec.url).hostname))
    return 'this mode needs a separate network namespace, which has no addresses except 127.0.0.1; use a URL on 127.0.0.1';
  if (wayIn() === undefined)
    return 'this mode needs a separate network namespace, which this machine cannot create; it needs Linux, ip (iproute2), and root or user namespaces';
  return undefined;
}

/** @returns the command, to be run in its own network namespace */
export function inOwnNetwork(
  command: readonly [string, ...string[]],
): readonly [string, ...string[]] {
  return [...wayIn()!, ...command] as unknown as readonly [string, ...string[]];
}

/** Must be called first in such a namespace. */
export function setUpNetwork(): void {
  ip('link set lo up');
  for (const [name, value] of Object.entries(settings)) writeFileSync(`/proc/sys/${name}`, value);
  // The table of local addresses has the highest priority, 0. Move it to 10, so that rules can be
  // added before it.
  ip('rule add pref 10 lookup local');
  ip('rule del pref 0');
}

/** Drops all packets to and from the clients' address. Neither side is notified. */
export function cutNetwork(): void {
  ip(`rule add pref 1 from ${cutAddress} blackhole`);
  ip(`rule add pref 2 to ${cutAddress} blackhole`);
}

export function mendNetwork(): void {
  for (const pref of [1, 2]) {
    try {
      ip(`rule del pref ${pref}`);
    } catch {
      // The network was not cut. The original error should be reported, not this one.
    }
  }
}

function ip(words: string) {
  execFileSync('ip', words.split(' '), { stdio: 'pipe' });
}
