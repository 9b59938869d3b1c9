/** Unix sockets of this machine: proc_net_unix(5). Linux only. */
import { basename } from 'node:path';
import { descriptorsByNumber, inodeOf, linesOf } from './sockets.ts';

interface UnixSocket {
  inode: string;
  listens: boolean;
}

/** `__SO_ACCEPTCON` in hexadecimal digits, as the kernel writes it. */
const listeningFlags = '00010000';

/**
 * The sockets of a server at a path, including its side of each connection. The kernel knows the
 * path as the server wrote it, possibly relative to its folder. So only the file name counts.
 */
function unixSocketsAt(path: string): UnixSocket[] {
  return linesOf('/proc/net/unix')
    .slice(1)
    .flatMap((line) => {
      const [, , , flags, , , inode, ...words] = line.trim().split(/\s+/);
      const bound = words.join(' ');
      return inode !== undefined && bound !== '' && basename(bound) === basename(path)
        ? [{ inode, listens: flags === listeningFlags }]
        : [];
    });
}

/** The number of connections to the server at a path. */
export const unixConnectionsAt = (path: string): number =>
  unixSocketsAt(path).filter(({ listens }) => !listens).length;

/** Those of the processes that listen at a path. */
export function processesAt(path: string, pids: readonly number[]): number[] {
  const inodes = new Set(
    unixSocketsAt(path).flatMap(({ inode, listens }) => (listens ? [inode] : [])),
  );
  return pids.filter((pid) =>
    descriptorsByNumber(pid).some(([, what]) => inodes.has(inodeOf(what) ?? '')),
  );
}
