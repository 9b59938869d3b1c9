/** Opens the inspector of a Node process that runs already: finds the process, asks it by signal, finds the port. Linux. */
import { readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';
import { closeOwnInspector, openInspector, type Inspector } from './inspect.ts';
import { portsOf } from './sockets.ts';

/** How long a process may take to open its inspector: it must not be busy with something else. */
const opensWithinMs = 5_000;
const pollMs = 50;
/** Where we look for one, and may be asked for one. */
const hosts = ['127.0.0.1', '[::1]'];
const answerWithinMs = 1_000;
/** How long it is waited for one that was asked for and is no longer wanted, to close it. */
const regretMs = 1_000;

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
export interface AttachedInspector {
  inspector: Inspector;
  /** Whether it was closed before, and ought to be again. */
  opened: boolean;
}

/**
 * Finds the inspector of a process, and asks it to open one where it has none: on loopback only, since it is a debugger.
 *
 * @param signal gives up waiting for it
 * @throws with the reason, for a person
 */
export async function attach(pid: number, signal: AbortSignal): Promise<AttachedInspector> {
  if (networkOf(pid) !== networkOf('self')) throw new Error(`process ${pid} is in another network namespace, such as a container; run ssebench in there too`);
  const before = portsOf(pid);
  const open = await inspectorAmong(before);
  if (open !== undefined) return { inspector: await openInspector(open), opened: false };
  if (!catchesSigusr1(pid)) {
    throw new Error(`process ${pid} has no handler for SIGUSR1, with which Node opens its inspector: it is not Node, or was started with --disable-sigusr1; --look outside asks nothing of it`);
  }
  const host = inspectorHostOf(pid);
  if (host !== 'localhost' && !hosts.includes(host)) {
    throw new Error(`process ${pid} would open its inspector, which is a debugger, at ${host}, for others than this machine; start it without --inspect-port=${host}:…, or with --inspect-port=127.0.0.1:0`);
  }
  signal.throwIfAborted();
  process.kill(pid, 'SIGUSR1');
  const isNew = (port: number) => !before.includes(port);
  try {
    return { inspector: await openedBy(pid, isNew, opensWithinMs, signal), opened: true };
  } catch (error) {
    // It may open after all, and would stay so.
    if (signal.aborted) await openedBy(pid, isNew, regretMs, new AbortController().signal).then(closeOwnInspector).catch(() => {});
    throw error;
  }
}

async function openedBy(pid: number, isNew: (port: number) => boolean, withinMs: number, signal: AbortSignal): Promise<Inspector> {
  const deadlineMs = performance.now() + withinMs;
  while (performance.now() < deadlineMs) {
    const url = await inspectorAmong(portsOf(pid).filter(isNew));
    if (url !== undefined) return openInspector(url);
    await sleep(pollMs, undefined, { signal });
  }
  throw new Error(
    `process ${pid} did not open its inspector within ${withinMs / 1000} s: its port may be taken (9229, unless --inspect-port says otherwise), ` +
      'or the program handles SIGUSR1 itself, or is busy, and opens it later; --look outside asks nothing of it',
  );
}

async function inspectorAmong(ports: readonly number[]): Promise<string | undefined> {
  for (const origin of ports.flatMap((port) => hosts.map((host) => `http://${host}:${port}`))) {
    try {
      const { body } = await request(`${origin}/json/list`, { signal: AbortSignal.timeout(answerWithinMs) });
      const [target] = (await body.json()) as { webSocketDebuggerUrl?: string }[];
      if (target?.webSocketDebuggerUrl !== undefined) return target.webSocketDebuggerUrl;
    } catch {
      // whatever listens there is no inspector; it may well be the stream, which never ends
    }
  }
  return undefined;
}

/** Names the network of a process; nothing where the system does not say. */
function networkOf(pid: number | 'self'): string {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return '';
  }
}

/** Where Node would open its inspector: the last word about it counts, and its own command line comes after the environment. */
function inspectorHostOf(pid: number): string {
  const wordsIn = (file: string) => readFileSync(`/proc/${pid}/${file}`, 'utf8').split('\0');
  const nodeOptions = wordsIn('environ').find((each) => each.startsWith('NODE_OPTIONS=')) ?? '';
  const said = [...nodeOptions.slice('NODE_OPTIONS='.length).split(/\s+/), ...wordsIn('cmdline')].join(' ');
  // As in [host:]port; a port alone leaves the host as it was.
  return [...said.matchAll(/(?:^| )--(?:inspect|debug)-port[= ](\S+):\d+(?= |$)/g)].at(-1)?.[1] ?? '127.0.0.1';
}
