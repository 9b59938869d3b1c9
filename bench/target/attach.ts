/** Opens the inspector of a Node process that runs already: finds the process, asks it by signal, finds the port. Linux. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';
import { portsOf } from './sockets.ts';

/** How long a process may take to open its inspector: it must not be busy with something else. */
const opensWithinMs = 5_000;
const pollMs = 50;
const answerWithinMs = 1_000;

/**
 * Whether a process catches SIGUSR1, as Node does; it kills whoever does not.
 * `SigCgt` is a mask in hexadecimal digits, with signal 1 as its lowest bit: proc_pid_status(5).
 */
function catchesSigusr1(pid: number): boolean {
  try {
    const mask = /^SigCgt:\s*([0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return mask !== undefined && (BigInt(`0x${mask}`) & (1n << 9n)) !== 0n;
  } catch {
    return false; // no Linux, or no such process any more
  }
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
    throw new Error(`process ${pid} has no handler for SIGUSR1, with which Node opens its inspector: it is not Node, or was started with --disable-sigusr1; --look outside asks nothing of it`);
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
      'or the program handles SIGUSR1 itself, or is busy; --look outside asks nothing of it',
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
