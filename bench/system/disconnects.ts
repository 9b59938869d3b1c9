/**
 * Counts how many connections to a process close, without changing the process. Linux only.
 *
 * It samples the kernel's table of sockets. A connection that was established in one sample, and is
 * not in the next, has closed. A connection that opens and closes between two samples is missed, so
 * the count is a lower bound. The kernel's own count of accepted connections gives an upper bound,
 * because it includes all servers in the same network namespace.
 */
import { linesOf } from './sockets.ts';

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

/** Reading the sockets of a large machine takes time, which may be this share of a core. */
const sampling = { shortestMs: 250, shareOfCore: 0.03 };

/** Samples four times a second, or as often as the number of sockets allows. @returns an end */
export function sampleRegularly({ sample }: Pick<DisconnectCounter, 'sample'>): () => void {
  let timer: NodeJS.Timeout | undefined;
  (function again() {
    const start = process.cpuUsage();
    sample();
    const { user, system } = process.cpuUsage(start);
    const cpuMs = (user + system) / 1000;
    timer = setTimeout(again, Math.max(sampling.shortestMs, cpuMs / sampling.shareOfCore)).unref();
  })();
  return () => clearTimeout(timer);
}

/**
 * @param ports the ports of the process that are not shared with other processes
 * @returns the connections of its clients now
 */
export function connectionsTo(pid: number, ports: readonly number[]): ConnectionSample {
  const lines = ['tcp', 'tcp6'].flatMap((table) => linesOf(`/proc/${pid}/net/${table}`));
  return {
    open: new Set(establishedIn(lines, ports)),
    accepted: acceptedIn(linesOf(`/proc/${pid}/net/snmp`)),
  };
}

/**
 * Frequent calls read tables with thousands of lines, so this reads only the lines of these ports.
 *
 * @param lines of the kernel's tables: proc_net_tcp(5)
 * @returns the inodes of established connections; one that the process has not accepted has none
 */
export function establishedIn(lines: readonly string[], ports: readonly number[]): string[] {
  const inHex = ports.map((port) => port.toString(16).toUpperCase().padStart(4, '0'));
  const line = new RegExp(
    `^ *\\d+: [0-9A-F]+:(?:${inHex.join('|')}) [0-9A-F]+:[0-9A-F]+ 01 \\S+ \\S+ \\S+ +\\d+ +\\d+ ([1-9]\\d*) `,
  );
  return lines.flatMap((each) => line.exec(each)?.[1] ?? []);
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
