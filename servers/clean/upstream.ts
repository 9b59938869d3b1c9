/** A server for requests of the others, in a thread. It answers late, so connections overlap. */
import { createServer } from 'node:http';
import { createServer as createDatabase, type AddressInfo, type Server } from 'node:net';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';

const answersAfterMs = 30;

export interface Upstream {
  /** Answers HTTP. The answer to `/endless` never ends, and that to `/events` is a stream. */
  httpPort: number;
  /** Echoes each line. */
  databasePort: number;
}

export function startUpstream(): Promise<Upstream> {
  const thread = new Worker(new URL(import.meta.url));
  return new Promise((resolve) => void thread.once('message', resolve));
}

const listening = (server: Server) =>
  new Promise<number>(
    (resolve) =>
      void server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
  );

if (!isMainThread) {
  // The server keeps a connection open until its client closes it.
  const http = createServer({ keepAliveTimeout: 0 }, (req, res) => {
    if (req.url === '/endless') res.write('…');
    else if (req.url === '/events') {
      const timer = setInterval(() => res.write('data: tick\n\n'), answersAfterMs);
      res.on('close', () => clearInterval(timer));
    } else setTimeout(() => res.end('yes'), answersAfterMs);
  });
  const database = createDatabase((socket) => {
    socket.on('data', (line) => setTimeout(() => socket.write(line), answersAfterMs));
    socket.on('error', () => {});
  });
  const upstream: Upstream = {
    httpPort: await listening(http),
    databasePort: await listening(database),
  };
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has none
  parentPort!.postMessage(upstream);
}
