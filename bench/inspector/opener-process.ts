/**
 * The process that opens the inspector of another process with SIGUSR1. It does not end with
 * ssebench, so that it can always close an inspector it has opened. That takes milliseconds, unless
 * the other process is busy.
 */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { FromOpener, OpenerTask } from './attach.ts';
import { inspectorAddressAt } from './inspector-address.ts';
import { openInspector } from './inspect.ts';
import { closeNow, closeWithLifeline } from './close-within.ts';
import { hostIn, isLoopback, listenersOf, type Listener } from '../system/listeners.ts';
import { endedEarly } from './lifelines.ts';
import { isAlive } from '../system/processes.ts';
import { descriptorsByNumber, inodeOf, tcpSockets } from '../system/sockets.ts';

/** The limit for the inspector to open; a busy process takes longer. */
const opensWithinMs = 10_000;
/** How much longer to wait for an unwanted inspector, in order to close it. */
const regretMs = 30_000;
/**
 * Poll without pauses at first: an inspector that listens for the network is exposed until we
 * notice it.
 */
const hurryMs = 300;
const pollMs = 5;
/** Within this time, an event loop starts to watch a new socket. */
const watchedWithinMs = 50;
const closesWithinMs = 2_000;
const nowhere = { address: '127.0.0.1', port: 1 };

const [task] = (await once(process, 'message')) as [OpenerTask];
const { pid } = task;
const report = (message: FromOpener) =>
  process.connected && new Promise((sent) => process.send!(message, undefined, undefined, sent));
await Promise.all(task.guarded.map(occupy));
// The first call of each function takes tens of milliseconds. So call them now, at an address
// without a listener.
await inspectorAddressAt(nowhere);
await openInspector(`ws://${nowhere.address}:${nowhere.port}`).catch(() => {});
const newListeners = listenersSince();
process.kill(pid, 'SIGUSR1');
try {
  const found = await opened(opensWithinMs);
  if (found.length > 0) await report(await useOrClose(found));
  else {
    await report({ failed: isAlive(pid) ? whyNot() : endedEarly(pid) });
    const late = await opened(regretMs);
    if (late.length > 0) await useOrClose(late);
  }
} catch (error) {
  await report({ failed: (error as Error).message });
}
process.exit();

/**
 * Takes a port on an unused loopback address, so that no process can take it on all addresses. Then
 * an inspector for 0.0.0.0 cannot open, and one for 127.0.0.1 can.
 */
async function occupy(port: number) {
  const guard = createServer((socket) => socket.destroy()).listen(port, '127.0.0.2');
  await once(guard, 'listening').catch(() => {}); // a taken port is blocked too
}

/**
 * Finds new listeners of the inspector. It has its own event loop. A new socket on a loop with
 * older sockets belongs to the program.
 */
function listenersSince(): () => Listener[] {
  const before = new Set(sockets());
  // The system takes over 10 ms to list all sockets of a busy machine, and 0.1 ms for those of a
  // process. So ask for all of them only while the process has a new socket without a connection.
  const known = new Set(before);
  const firstSeenMs = new Map<string, number>();
  return () => {
    if (sockets().every((inode) => known.has(inode))) return [];
    for (const { inode, listens } of tcpSockets(pid)) if (!listens) known.add(inode);
    const all = listenersOf(pid, (inode) => !known.has(inode) || before.has(inode));
    const programLoops = new Set(
      all.flatMap(({ inode, loops }) => (before.has(inode) ? loops : [])),
    );
    return all.filter(({ inode, port, loops }) => {
      if (
        before.has(inode) ||
        port === task.serverPort ||
        loops.some((loop) => programLoops.has(loop))
      )
        return false;
      if (!firstSeenMs.has(inode)) firstSeenMs.set(inode, performance.now());
      return loops.length > 0 || performance.now() > firstSeenMs.get(inode)! + watchedWithinMs;
    });
  };
}

/** The sockets of the process, by their inodes. */
function sockets(): string[] {
  return descriptorsByNumber(pid).flatMap(([, what]) => inodeOf(what) ?? []);
}

/** @returns where the inspector listens; several listeners if its host has several addresses */
async function opened(withinMs: number): Promise<Listener[]> {
  const startMs = performance.now();
  for (let nowMs = startMs; nowMs < startMs + withinMs && isAlive(pid); nowMs = performance.now()) {
    const found = newListeners();
    if (found.length > 0) return found;
    await (nowMs < startMs + hurryMs ? nextTurn() : sleep(pollMs));
  }
  return [];
}

/**
 * Ensures that the inspector closes with ssebench, or closes it at once if other machines can reach
 * it.
 */
async function useOrClose(found: readonly Listener[]): Promise<FromOpener> {
  const openedMs = performance.now();
  const places = found.map(({ address, port }) => `${hostIn(address)}:${port}`).join(' and ');
  const isExposed = () => newListeners().some(({ address }) => !isLoopback(address));
  const url = await inspectorAddressAt(
    found.find(({ address }) => isLoopback(address)) ?? found[0]!,
  );
  if (url === undefined) {
    throw new Error(
      `process ${pid} opened its inspector, which is a debugger, at ${places}, but hides its address, so ssebench cannot close it; end the process, and start it without --inspect-publish-uid`,
    );
  }
  const inspector = await openInspector(url);
  if (!isExposed()) {
    if (task.lifeline) await inspector.call(closeWithLifeline, ...task.lifeline, pid);
    await inspector.close();
    return { url };
  }
  inspector.call(closeNow).catch(() => {}); // it closes before it answers
  const endMs = performance.now() + closesWithinMs;
  while (newListeners().length > 0 && performance.now() < endMs) await sleep(1);
  const tookMs = Math.ceil(performance.now() - openedMs);
  const isClosed = newListeners().length === 0;
  const end = isClosed
    ? `ssebench closed it after ${tookMs} ms`
    : 'ssebench could not close it; end the process';
  return {
    failed:
      `process ${pid} opened its inspector, which is a debugger, at ${places}, where other machines can reach it; ${end}. ` +
      'Start it with --inspect-port=127.0.0.1:0; --inspection outside works without the inspector',
  };
}

function whyNot(): string {
  const ports = task.guarded.join(' or ');
  return (
    `process ${pid} did not open its inspector within ${opensWithinMs / 1000} s. Possibly its port is in use (${ports}, according to its options), or the program handles SIGUSR1 itself. ` +
    'Or the inspector would listen on 0.0.0.0, which ssebench prevents, or is already open on a port that its options do not name. ' +
    'Or the process is busy: if its inspector opens later, ssebench closes it. --inspection outside works without the inspector'
  );
}
