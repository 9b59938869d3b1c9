/** The TCP connections that processes have opened themselves, to their upstreams. Linux only. */
import { addressIn, hostIn } from './listeners.ts';
import { descriptorsByNumber, inodeOf, tcpSockets } from './sockets.ts';

/** A connection, by an identity that is unique as long as it is open → `127.0.0.1:9000`. */
export type Upstreams = ReadonlyMap<string, string>;

/** A row of the kernel's table of TCP sockets, as far as it matters here. */
type Row = Pick<
  ReturnType<typeof tcpSockets>[number],
  'inode' | 'localPort' | 'remote' | 'listens'
>;

/**
 * @returns the remote addresses of the connections that this machine has opened, by their inodes. The
 * other connections of the table have the port of a listening socket.
 */
export function openedIn(table: readonly Row[]): Map<string, string> {
  const served = new Set(table.flatMap(({ listens, localPort }) => (listens ? [localPort] : [])));
  return new Map(
    table
      .filter(({ listens, localPort }) => !listens && !served.has(localPort))
      .map(({ inode, remote }) => [inode, addressText(remote)]),
  );
}

/** @param remote as the kernel writes it: `0100007F:2328` */
function addressText(remote: string): string {
  const [address, port] = remote.split(':') as [string, string];
  return `${hostIn(addressIn(address))}:${Number.parseInt(port, 16)}`;
}

/**
 * For frequent calls: it reads the tables of the system only if the processes have a socket that it
 * does not know yet.
 *
 * @param pids returns the processes that live now, all in the same network
 */
export function watchUpstreams(pids: () => readonly number[]): () => Upstreams {
  let known = new Map<string, string | undefined>();
  return () => {
    const processes = pids();
    const inodes = processes.flatMap((pid) =>
      descriptorsByNumber(pid).flatMap(([, what]) => inodeOf(what) ?? []),
    );
    if (inodes.some((inode) => !known.has(inode))) {
      const opened = openedIn(tcpSockets(processes[0]!));
      known = new Map(inodes.map((inode) => [inode, opened.get(inode)]));
    }
    return new Map(
      inodes.flatMap((inode) => {
        const address = known.get(inode);
        return address === undefined ? [] : [[inode, address] as const];
      }),
    );
  };
}
