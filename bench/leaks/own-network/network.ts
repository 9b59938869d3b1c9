/**
 * A network of one's own, which holds nothing but its loopback device: there the buffers of sockets can be made small, and
 * the way between server and clients be cut, without anybody else's noticing. Linux, with `unshare` and `ip`.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import type { SubjectSpec } from '../server-under-test.ts';

/** Where clients are that can be cut off; the server is at another address of the same device. */
export const cutAddress = '127.0.0.2';
/** By then the system has given up to send: after three tries, as this network is set, 3 to 8 s. */
export const networkFailsWithinMs = 15_000;

/** As root, or as one in a world of one's own, where the system allows that. */
const ways = [
  ['unshare', '--net'],
  ['unshare', '--map-root-user', '--net'],
] as const;

/** Least, first and most bytes of a socket's buffers: those of who does not read stay at the first. */
const settings = {
  'net/ipv4/tcp_rmem': '4096 4096 6291456',
  'net/ipv4/tcp_wmem': '4096 4096 16384',
  'net/ipv4/tcp_retries2': '3',
};

let found: { way: readonly string[] | undefined } | undefined;

/** The command that gives a process a network of its own, to be put before its own words; looked for once. */
function wayIn(): readonly string[] | undefined {
  const works = (way: readonly string[]) =>
    spawnSync(way[0]!, [...way.slice(1), 'ip', 'link', 'set', 'lo', 'up'], { stdio: 'ignore' })
      .status === 0;
  return (found ??= { way: process.platform === 'linux' ? ways.find(works) : undefined }).way;
}

/** Why a server cannot be checked in a network of its own, if so. */
export function whyNoOwnNetwork(spec: SubjectSpec): string | undefined {
  if (spec.kind === 'process' || spec.kind === 'own')
    return 'it runs already, and cannot be put into a network of its own';
  if (spec.kind === 'command' && !/^(127\.[\d.]+|localhost)$/.test(new URL(spec.url).hostname))
    return 'its URL is not at 127.0.0.1, where a network of its own would be';
  if (wayIn() === undefined)
    return 'this machine gives no process a network of its own (it takes Linux, “ip” of iproute2, and root or user namespaces)';
  return undefined;
}

/** @returns the command that starts another in a network of its own */
export function inOwnNetwork(
  command: readonly [string, ...string[]],
): readonly [string, ...string[]] {
  return [...wayIn()!, ...command] as unknown as readonly [string, ...string[]];
}

/** To be called first in such a network. */
export function setUpNetwork(): void {
  ip('link set lo up');
  for (const [name, value] of Object.entries(settings)) writeFileSync(`/proc/sys/${name}`, value);
  // The table of one's own addresses comes before all else; make room before it.
  ip('rule add pref 10 lookup local');
  ip('rule del pref 0');
}

/** From now on nothing comes through between the address and others, and nobody is told. */
export function cutNetwork(): void {
  ip(`rule add pref 1 from ${cutAddress} blackhole`);
  ip(`rule add pref 2 to ${cutAddress} blackhole`);
}

export function mendNetwork(): void {
  for (const pref of [1, 2]) {
    try {
      ip(`rule del pref ${pref}`);
    } catch {
      // it was not cut; whatever failed there is to be told, and not this
    }
  }
}

function ip(words: string) {
  execFileSync('ip', words.split(' '), { stdio: 'pipe' });
}
