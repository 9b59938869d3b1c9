/**
 * The sockets of processes on Linux: which ports they listen on, what is open, what waits to be
 * read.
 */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** A row of the kernel's table of TCP sockets. */
interface TcpSocket {
  inode: string;
  /** In hexadecimal digits, as the kernel writes it. */
  localAddress: string;
  localPort: number;
  /** 0 if it listens. */
  remotePort: number;
  /** As the kernel writes it: `0100007F:1F90`. */
  remote: string;
  listens: boolean;
  /** Whether neither side has closed the connection. */
  isEstablished: boolean;
  /** Written bytes that the other side has not accepted yet. */
  unsentBytes: number;
  /** Bytes that have arrived, and that the process has not read yet. */
  unreadBytes: number;
}

const listenState = '0A';
const establishedState = '01';
/**
 * The column of a closed connection whose ports are not free yet (TIME_WAIT). No process has it any
 * more. After a load there are thousands, and to read their other columns would take most of the
 * time. No other column has these characters.
 */
const timeWaitColumn = ' 06 ';

/**
 * The TCP sockets that processes have in the network of a process; empty if the system does not report them. Columns:
 * proc_net_tcp(5).
 */
export function tcpSockets(pid: number | 'self'): TcpSocket[] {
  return ['tcp', 'tcp6'].flatMap((table) =>
    linesOf(`/proc/${pid}/net/${table}`)
      .slice(1)
      .flatMap((line) => {
        if (line.includes(timeWaitColumn)) return [];
        const [, local, remote, state, queues, , , , , inode] = line.trim().split(/\s+/);
        if (
          local === undefined ||
          remote === undefined ||
          queues === undefined ||
          inode === undefined
        )
          return [];
        const [address, port] = local.split(':');
        const [localPort, remotePort, unsentBytes, unreadBytes] = [
          port!,
          remote.split(':')[1]!,
          ...queues.split(':'),
        ].map((text) => Number.parseInt(text, 16));
        return [
          {
            inode,
            localAddress: address!,
            localPort: localPort!,
            remotePort: remotePort!,
            remote,
            listens: state === listenState,
            isEstablished: state === establishedState,
            unsentBytes: unsentBytes!,
            unreadBytes: unreadBytes!,
          },
        ];
      }),
  );
}

export function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch {
    return []; // no IPv6, no Linux, or the process has ended
  }
}

/**
 * The descriptors of a process with what each stands for, such as `socket:[4711]`; empty if access
 * is denied.
 */
export function descriptorsByNumber(pid: number): [descriptor: string, what: string][] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((descriptor) => {
      try {
        return [[descriptor, readlinkSync(`/proc/${pid}/fd/${descriptor}`)]];
      } catch {
        return []; // just closed
      }
    });
  } catch {
    return [];
  }
}

const descriptorsOf = (pid: number) => descriptorsByNumber(pid).map(([, what]) => what);

export const inodeOf = (descriptor: string) => /^socket:\[(\d+)\]$/.exec(descriptor)?.[1];

/** The open descriptors of a process. */
export interface OpenDescriptors {
  /** TCP sockets with a connection. */
  connections: number;
  /** All others: files, pipes, listening sockets, sockets of other kinds. */
  others: number;
  /** Those of the others without a file, such as the queue of events of each thread. */
  anonymous: number;
}

/** @returns `undefined` if the system does not report them */
export function openDescriptors(pid: number): OpenDescriptors | undefined {
  const all = descriptorsOf(pid);
  if (all.length === 0) return undefined;
  const connected = new Set(
    tcpSockets(pid).flatMap(({ inode, listens }) => (listens ? [] : [inode])),
  );
  const connections = all.filter((descriptor) => connected.has(inodeOf(descriptor) ?? '')).length;
  const anonymous = all.filter((descriptor) => descriptor.startsWith('anon_inode:')).length;
  return { connections, others: all.length - connections, anonymous };
}

interface Reading {
  atMs: number;
  seen: ReadonlySet<string>;
  connected: ReadonlySet<string>;
}
const lastReadings = new Map<number, Reading>();
/** Reading the socket tables of a large machine takes 10 ms, which is too much every 20 ms. */
const longestReadingMs = 250;

/**
 * Counts the TCP connections of a process, for frequent calls. It reads the system's tables again
 * if the process has a socket that they did not contain, or after 250 ms. A socket that the process
 * has closed is no longer counted.
 *
 * @returns `undefined` if the system does not report them
 */
export function connectionsOf(pid: number): number | undefined {
  const descriptors = descriptorsOf(pid);
  if (descriptors.length === 0) return void lastReadings.delete(pid);
  const inodes = descriptors.flatMap((descriptor) => inodeOf(descriptor) ?? []);
  const last = lastReadings.get(pid);
  const isFresh =
    last !== undefined &&
    performance.now() - last.atMs < longestReadingMs &&
    inodes.every((inode) => last.seen.has(inode));
  const { connected } = isFresh ? last : readNow(pid, inodes);
  return inodes.filter((inode) => connected.has(inode)).length;
}

function readNow(pid: number, inodes: readonly string[]): Reading {
  const reading = {
    atMs: performance.now(),
    seen: new Set(inodes),
    connected: new Set(tcpSockets(pid).flatMap(({ inode, listens }) => (listens ? [] : [inode]))),
  };
  lastReadings.set(pid, reading);
  return reading;
}

/**
 * The connections to a port of this machine whose clients have stopped reading, and the bytes in
 * the buffers of both sides of all its connections. While these bytes increase, the server can still
 * write.
 */
export function queuesAt(port: number): { blocked: number; bytes: number } {
  const sockets = tcpSockets('self').filter(({ listens }) => !listens);
  const served = sockets.filter(({ localPort }) => localPort === port);
  const clients = sockets.filter(({ remotePort }) => remotePort === port);
  return {
    blocked: served.filter(({ unsentBytes }) => unsentBytes > 0).length,
    bytes:
      served.reduce((sum, { unsentBytes }) => sum + unsentBytes, 0) +
      clients.reduce((sum, { unreadBytes }) => sum + unreadBytes, 0),
  };
}

export const isListeningOn = (port: number): boolean =>
  tcpSockets('self').some(({ localPort, listens }) => listens && localPort === port);

/** A socket without an inode belongs to no process: it is closed, or not yet accepted. */
const noInode = '0';

/**
 * Connections to a port of this machine that a process holds: all of them, and those that no side
 * has closed.
 */
export function connectionsAt(port: number): { open: number; all: number } {
  const held = tcpSockets('self').filter(
    ({ localPort, listens, inode }) => localPort === port && !listens && inode !== noInode,
  );
  return { open: held.filter(({ isEstablished }) => isEstablished).length, all: held.length };
}

/** The ports that a process listens on. */
export function portsOf(pid: number): number[] {
  const ports = new Map(
    tcpSockets(pid).flatMap(({ inode, listens, localPort }) =>
      listens ? [[inode, localPort] as const] : [],
    ),
  );
  return descriptorsOf(pid).flatMap((descriptor) => ports.get(inodeOf(descriptor) ?? '') ?? []);
}

/** The processes that listen on a port; several if they share it. */
export function processesOn(port: number): number[] {
  const inodes = new Set(
    tcpSockets('self').flatMap(({ inode, listens, localPort }) =>
      listens && localPort === port ? [inode] : [],
    ),
  );
  if (inodes.size === 0) return [];
  const pids = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  return pids.filter((pid) =>
    descriptorsOf(pid).some((descriptor) => inodes.has(inodeOf(descriptor) ?? '')),
  );
}
