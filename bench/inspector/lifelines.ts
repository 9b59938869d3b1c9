/**
 * Connections through which inspected processes notice the end of ssebench. When a lifeline breaks,
 * the process closes the inspector that it opened for us. The kernel breaks it however ssebench
 * ends, even after `kill -9`.
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
  /** The address to connect to: `PORT:TOKEN`. */
  key: string;
  /** Whether a process was started with the key and the preload, so that it will connect. */
  isExpected(pid: number): boolean;
  /** Waits for the lifeline of a process; `undefined` if there is none within the limit. */
  of(pid: number, withinMs: number, signal: AbortSignal): Promise<Lifeline | undefined>;
  /** Breaks all lifelines. */
  close(): void;
}

export interface Lifeline {
  /**
   * Makes a process with the preload (`open-inspector.cjs`) open its inspector, on 127.0.0.1 and a
   * free port.
   *
   * @returns the address of the inspector, even if it was already open
   * @throws with the reason if the process cannot open it
   */
  openInspector(): Promise<string>;
  close(): void;
}

/** The environment variable through which Node processes of our commands get the key to connect. */
export const keyVariable = 'SSEBENCH_LIFELINE';
const preload = fileURLToPath(new URL('open-inspector.cjs', import.meta.url));
export const lifelineArguments = ['--require', preload];

const answerWithinMs = 10_000;
const pollMs = 10;

export async function createLifelines(): Promise<Lifelines> {
  const token = randomUUID();
  const byPid = new Map<number, Socket>();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.unref());
    socket.on('error', () => {}); // 'close' follows
    socket.on('close', () => sockets.delete(socket));
    // Other users of this machine cannot guess the token. It arrives whole, since it is one short
    // write.
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

/** A script may replace NODE_OPTIONS or clear its environment. */
function hasKey(pid: number, key: string): boolean {
  try {
    const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
    return (
      variables.includes(`${keyVariable}=${key}`) &&
      variables.some((each) => each.startsWith('NODE_OPTIONS=') && each.includes(basename(preload)))
    );
  } catch {
    return false; // the process has ended
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
  gone.catch(() => {}); // avoids an unhandled rejection if the process ends later
  socket.write('open\n');
  const { url, error } = await within(
    answerWithinMs,
    `process ${pid} did not open its inspector within ${answerWithinMs / 1000} s: it is busy; --inspection outside works without the inspector`,
    Promise.race([answer, gone]),
  );
  if (url === undefined)
    throw new Error(
      `process ${pid} cannot open its inspector: ${error}; --inspection outside works without the inspector`,
    );
  return url;
}
