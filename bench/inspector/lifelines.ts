/**
 * Connections from the processes that ssebench inspects, by which they notice its end: when a lifeline breaks, the process
 * closes the inspector that was opened for us. The kernel breaks it however we end, also by `kill -9`.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { within } from '../system/deadline.ts';

export interface Lifelines {
  /** What a process must know to connect: `PORT:TOKEN`. */
  key: string;
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

const answerWithinMs = 5_000;
const pollMs = 10;

export async function createLifelines(): Promise<Lifelines> {
  const token = randomUUID();
  const byPid = new Map<number, Socket>();
  const server = createServer((socket) => {
    // A token that others on this machine cannot guess; it arrives whole, since it is one short write.
    socket
      .unref()
      .on('error', () => {})
      .once('data', (hello) => {
        const [said, pid] = String(hello).trim().split(' ');
        if (said === token) byPid.set(Number(pid), socket);
        else socket.destroy();
      });
  }).unref();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    key: `${(server.address() as AddressInfo).port}:${token}`,
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
      for (const socket of byPid.values()) socket.destroy();
    },
  };
}

async function askToOpen(socket: Socket, pid: number): Promise<string> {
  const answer = once(socket, 'data').then(
    ([text]) => JSON.parse(String(text)) as { url?: string; error?: string },
  );
  const gone = once(socket, 'close').then((): never => {
    throw new Error(`process ${pid} ended while ssebench waited for its inspector`);
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
