/**
 * Counts how many connections to a process close, without changing the process. Linux only.
 *
 * It samples the kernel's table of sockets. A connection that was established in one sample, and is
 * not in the next, has closed. A connection that opens and closes between two samples is missed, so
 * the count is a lower bound. The kernel's own count of accepted connections gives an upper bound,
 * because it includes all servers in the same network namespace.
 */
import { linesOf, tcpSockets } from './sockets.ts';

/** A sample of the connections that clients have with a process. */
export interface ConnectionSample {
  /** Identifies each connection that no side has closed. */
  open: ReadonlySet<string>;
  /** Connections accepted by all servers since the machine started; `null` if unknown. */
  accepted: number | null;
}

export interface Disconnects {
  /** Connections that are open now. */
  open: number;
  /** Connections that were seen open, and have closed since the last call. */
  closed: number;
  /** No more connections than these have closed since then; `null` if unknown. */
  atMost: number | null;
}

export interface DisconnectCounter {
  sample(): void;
  /** Samples, and returns the counts since the last call. */
  take(): Disconnects;
}

export function createDisconnectCounter(read: () => ConnectionSample): DisconnectCounter {
  let last = read();
  let first = last;
  let closed = 0;
  function sample() {
    const now = read();
    for (const connection of last.open) if (!now.open.has(connection)) closed++;
    last = now;
  }
  return {
    sample,
    take() {
      sample();
      const [count, before] = [closed, first];
      [closed, first] = [0, last];
      const accepted =
        last.accepted === null || before.accepted === null ? null : last.accepted - before.accepted;
      return {
        open: last.open.size,
        closed: count,
        atMost:
          accepted === null
            ? null
            : Math.max(count, accepted - (last.open.size - before.open.size)),
      };
    },
  };
}

/** A socket that the process has not accepted yet has no inode. */
const noInode = '0';

/**
 * @param ports the ports of the process that are not shared with other processes
 * @returns the connections of its clients now
 */
export function connectionsTo(pid: number, ports: ReadonlySet<number>): ConnectionSample {
  const open = tcpSockets(pid).filter(
    ({ localPort, isEstablished, inode }) =>
      isEstablished && ports.has(localPort) && inode !== noInode,
  );
  return {
    open: new Set(open.map(({ inode }) => inode)),
    accepted: acceptedIn(linesOf(`/proc/${pid}/net/snmp`)),
  };
}

/**
 * The kernel's count of passive opens (RFC 4022), in lines with names and lines with values:
 * proc_pid_net(5).
 */
export function acceptedIn(lines: readonly string[]): number | null {
  const [names, values] = lines
    .filter((line) => line.startsWith('Tcp:'))
    .map((line) => line.split(' '));
  const count = Number(values?.[names?.indexOf('PassiveOpens') ?? -1]);
  return Number.isFinite(count) ? count : null;
}
