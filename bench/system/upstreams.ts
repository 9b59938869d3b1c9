/** The TCP connections that processes have opened themselves, to their upstreams. Linux only. */
import { addressIn, hostIn } from './listeners.ts';
import { descriptorsByNumber, inodeOf, tcpSockets } from './sockets.ts';

/** A connection to an upstream. */
export interface Upstream {
  /** Identifies the connection as long as it is open. */
  id: string;
  localPort: number;
  /** Such as `127.0.0.1:9000`. */
  address: string;
}

/** A row of the kernel's table of TCP sockets, as far as it matters here. */
type Row = Pick<
  ReturnType<typeof tcpSockets>[number],
  'inode' | 'localPort' | 'remote' | 'listens'
>;

/**
 * @returns the connections that this machine has opened. The other connections of the table have the
 * port of a listening socket.
 */
export function openedIn(table: readonly Row[]): Upstream[] {
  const served = new Set(table.flatMap(({ listens, localPort }) => (listens ? [localPort] : [])));
  return table
    .filter(({ listens, localPort }) => !listens && !served.has(localPort))
    .map(({ inode, localPort, remote }) => ({
      id: inode,
      localPort,
      address: addressText(remote),
    }));
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
export function watchUpstreams(pids: () => readonly number[]): () => Upstream[] {
  let known = new Map<string, Upstream | undefined>();
  return () => {
    const processes = pids();
    const inodes = processes.flatMap((pid) =>
      descriptorsByNumber(pid).flatMap(([, what]) => inodeOf(what) ?? []),
    );
    if (inodes.some((inode) => !known.has(inode))) {
      const opened = new Map(openedIn(tcpSockets(processes[0]!)).map((one) => [one.id, one]));
      known = new Map(inodes.map((inode) => [inode, opened.get(inode)]));
    }
    return inodes.flatMap((inode) => known.get(inode) ?? []);
  };
}
