/**
 * Connections from the processes that ssebench inspects, by which they notice its end: when a lifeline breaks, the process
 * closes the inspector that was opened for us. The kernel breaks it however we end, also by `kill -9`.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { within } from '../system/deadline.ts';

export interface Lifelines {
  /** What a process must know to connect: `PORT:TOKEN`. */
  key: string;
  /** Whether a process was started so that it connects. */
  isExpected(pid: number): boolean;
  /** Waits for the lifeline of a process; `undefined` if it has none by then. */
  of(pid: number, withinMs: number, signal: AbortSignal): Promise<Lifeline | undefined>;
  /** Breaks all of them. */
  close(): void;
}

export interface Lifeline {
  /**
   * Has a process with the preload (`open-inspector.cjs`) open its inspector, at 127.0.0.1 and a free port.
   *
   * @returns the address of the inspector, also of one that was open before
   * @throws where the process cannot open it, with its reason
   */
  openInspector(): Promise<string>;
  close(): void;
}

/** What a command that we start needs, so that its Node processes connect. */
export const keyVariable = 'SSEBENCH_LIFELINE';
const preload = fileURLToPath(new URL('open-inspector.cjs', import.meta.url));
export const lifelineArguments = ['--require', preload];

const answerWithinMs = 5_000;
const pollMs = 10;

export async function createLifelines(): Promise<Lifelines> {
  const token = randomUUID();
  const byPid = new Map<number, Socket>();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.unref());
    socket.on('error', () => {}); // 'close' follows
    socket.on('close', () => sockets.delete(socket));
    // A token that others on this machine cannot guess; it arrives whole, since it is one short write.
    socket.once('data', (hello) => {
      const [sentToken, pid] = String(hello).trim().split(' ');
      if (sentToken === token) byPid.set(Number(pid), socket);
      else socket.destroy();
    });
  }).unref();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const key = `${(server.address() as AddressInfo).port}:${token}`;
  return {
    key,
    isExpected: (pid) => hasKey(pid, key),
    async of(pid, withinMs, signal) {
      for (
        const endMs = performance.now() + withinMs;
        !byPid.has(pid) && performance.now() < endMs;
      )
        await sleep(pollMs, undefined, { signal });
      const socket = byPid.get(pid);
      return (
        socket && { openInspector: () => askToOpen(socket, pid), close: () => socket.destroy() }
      );
    },
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

export const endedEarly = (pid: number): string =>
  `process ${pid} ended while ssebench waited for its inspector`;

/** A script may set NODE_OPTIONS anew, or forget its environment. */
function hasKey(pid: number, key: string): boolean {
  try {
    const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
    return (
      variables.includes(`${keyVariable}=${key}`) &&
      variables.some((each) => each.startsWith('NODE_OPTIONS=') && each.includes(basename(preload)))
    );
  } catch {
    return false; // it has ended
  }
}

async function askToOpen(socket: Socket, pid: number): Promise<string> {
  if (socket.destroyed) throw new Error(endedEarly(pid));
  const answer = once(socket, 'data').then(
    ([text]) => JSON.parse(String(text)) as { url?: string; error?: string },
  );
  const gone = once(socket, 'close').then((): never => {
    throw new Error(endedEarly(pid));
  });
  gone.catch(() => {}); // also when it ends later
  socket.write('open\n');
  const { url, error } = await within(
    answerWithinMs,
    `process ${pid} did not open its inspector within ${answerWithinMs / 1000} s: it is busy; --look outside asks nothing of it`,
    Promise.race([answer, gone]),
  );
  if (url === undefined)
    throw new Error(
      `process ${pid} cannot open its inspector: ${error}; --look outside asks nothing of it`,
    );
  return url;
}
