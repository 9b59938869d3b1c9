/**
 * The sockets that a process listens on: their addresses, and the event loops that wait for their
 * connections. Linux only.
 */
import { endianness } from 'node:os';
import { descriptorsByNumber, inodeOf, linesOf, tcpSockets } from './sockets.ts';

export interface Listener {
  /** Identifies the socket for its lifetime. */
  inode: string;
  /** For example `127.0.0.1`, `0.0.0.0` or `::`. */
  address: string;
  port: number;
  /** The event loops (epoll) of the process that wait for its connections, by their descriptors. */
  loops: string[];
}

/** @param isOne selects sockets by their inode; skipped sockets cost little */
export function listenersOf(
  pid: number,
  isOne: (inode: string) => boolean = () => true,
): Listener[] {
  const listening = new Map(
    tcpSockets(pid)
      .filter(({ inode, listens }) => listens && isOne(inode))
      .map((socket) => [socket.inode, socket]),
  );
  if (listening.size === 0) return [];
  const descriptors = descriptorsByNumber(pid);
  const loops = loopsAmong(pid, descriptors);
  const found = new Map<string, Listener>();
  for (const [descriptor, what] of descriptors) {
    const socket = listening.get(inodeOf(what) ?? '');
    if (socket === undefined) continue;
    const { inode, localAddress, localPort: port } = socket;
    const watching = loops.filter(({ watched }) => watched.has(descriptor)).map(({ loop }) => loop);
    // A socket may have several descriptors, and a loop watches one of them.
    found.set(inode, {
      inode,
      address: addressIn(localAddress),
      port,
      loops: [...(found.get(inode)?.loops ?? []), ...watching],
    });
  }
  return [...found.values()];
}

/**
 * The event loops of a process, each with the descriptors that it waits for. These are the lines
 * `tfd: …`: proc_pid_fdinfo(5).
 */
function loopsAmong(pid: number, descriptors: readonly [string, string][]) {
  return descriptors
    .filter(([, what]) => what === 'anon_inode:[eventpoll]')
    .map(([loop]) => {
      const watched = linesOf(`/proc/${pid}/fdinfo/${loop}`).flatMap(
        (line) => /^tfd:\s*(\d+)/.exec(line)?.[1] ?? [],
      );
      return { loop, watched: new Set(watched) };
    });
}

/**
 * Reads an address: 32-bit words in hexadecimal digits, each in the machine's byte order:
 * proc_net_tcp(5).
 */
export function addressIn(hex: string): string {
  const bytes = hex.match(/.{8}/g)!.flatMap((word) => {
    const inOrder = word.match(/../g)!.map((digits) => Number.parseInt(digits, 16));
    return endianness() === 'LE' ? inOrder.toReversed() : inOrder;
  });
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, n) =>
    ((bytes[2 * n]! << 8) | bytes[2 * n + 1]!).toString(16),
  );
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}

/** Whether only this machine can reach an address. */
export const isLoopback = (address: string): boolean =>
  /^127(\.\d{1,3}){3}$/.test(address) ||
  address === '::1' ||
  /^::ffff:7f[0-9a-f]{2}:/.test(address);

/** The address as a URL shows it. */
export const hostIn = (address: string): string =>
  address.includes(':') ? `[${address}]` : address;
