/** Opens the inspector of a Node process that runs already: finds the process, asks it by signal, finds the port. Linux. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';

/** How long a process may take to open its inspector: it must not be busy with something else. */
const opensWithinMs = 5_000;
const pollMs = 50;
const answerWithinMs = 1_000;

/** Listening sockets: inode → port. State 0A is LISTEN: proc_net_tcp(5). */
function listening(): Map<string, number> {
  const ports = new Map<string, number>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of linesOf(table).slice(1)) {
      const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/);
      if (state === '0A' && inode !== undefined) ports.set(inode, Number.parseInt(local.split(':')[1]!, 16));
    }
  }
  return ports;
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch {
    return []; // no IPv6, or no Linux
  }
}

/** Inodes of the sockets that a process has open; none where we may not look. */
function socketsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((descriptor) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${descriptor}`))?.[1] ?? [];
      } catch {
        return []; // closed while we looked
      }
    });
  } catch {
    return [];
  }
}

/** How many sockets a process has open; `undefined` where the system does not say. */
export function openSocketsOf(pid: number): number | undefined {
  return linesOf(`/proc/${pid}/stat`).length > 0 ? socketsOf(pid).length : undefined;
}

/** The ports on which a process listens. */
export function portsOf(pid: number): number[] {
  const ports = listening();
  return socketsOf(pid).flatMap((inode) => ports.get(inode) ?? []);
}

/** The processes that listen on a port: several where they share it. */
export function processesOn(port: number): number[] {
  const inodes = new Set([...listening()].filter(([, each]) => each === port).map(([inode]) => inode));
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number);
  return pids.filter((pid) => socketsOf(pid).some((inode) => inodes.has(inode)));
}

/**
 * Whether a process catches SIGUSR1, as Node does; it kills whoever does not.
 * `SigCgt` is a mask in hexadecimal digits, with signal 1 as its lowest bit: proc_pid_status(5).
 */
export function catchesSigusr1(pid: number): boolean {
  const mask = /^SigCgt:\s*([0-9a-f]+)$/m.exec(linesOf(`/proc/${pid}/status`).join('\n'))?.[1];
  return mask !== undefined && (BigInt(`0x${mask}`) & (1n << 9n)) !== 0n;
}

/** An inspector that was found, or opened. */
export interface OpenedInspector {
  url: string;
  /** Whether it was closed before, and ought to be again. */
  opened: boolean;
}

/**
 * Finds the inspector of a process, and asks it to open one where it has none.
 *
 * @param signal gives up waiting for it
 * @throws with the reason, for a person
 */
export async function attach(pid: number, signal: AbortSignal): Promise<OpenedInspector> {
  const before = portsOf(pid);
  const open = await inspectorAmong(before);
  if (open !== undefined) return { url: open, opened: false };
  if (!catchesSigusr1(pid)) {
    throw new Error(`process ${pid} has no handler for SIGUSR1, with which Node opens its inspector: it is not Node, or was started with --disable-sigusr1`);
  }
  process.kill(pid, 'SIGUSR1');
  const deadlineMs = performance.now() + opensWithinMs;
  while (performance.now() < deadlineMs) {
    await sleep(pollMs, undefined, { signal });
    const url = await inspectorAmong(portsOf(pid).filter((port) => !before.includes(port)));
    if (url !== undefined) return { url, opened: true };
  }
  throw new Error(
    `process ${pid} did not open its inspector within ${opensWithinMs / 1000} s: its port may be taken (9229, unless --inspect-port says otherwise), ` +
      'or the program handles SIGUSR1 itself, or is busy',
  );
}

async function inspectorAmong(ports: readonly number[]): Promise<string | undefined> {
  for (const port of ports) {
    try {
      const { body } = await request(`http://127.0.0.1:${port}/json/list`, { signal: AbortSignal.timeout(answerWithinMs) });
      const [target] = (await body.json()) as { webSocketDebuggerUrl?: string }[];
      if (target?.webSocketDebuggerUrl !== undefined) return target.webSocketDebuggerUrl;
    } catch {
      // whatever listens there is no inspector; it may well be the stream, which never ends
    }
  }
  return undefined;
}
