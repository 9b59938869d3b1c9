/**
 * Shared by these servers: a stream of ticks that acquires something and releases it at close. With
 * `LEAK_EVERY=3`, the leaking twin of a server, every third stream does not release.
 */
import { createServer, type IncomingMessage } from 'node:http';
import { finished } from 'node:stream';
import { eventStream, intervalOf } from '../faulty/events.ts';
import { host, port, ready } from '../process.ts';

const leakEvery = Number(process.env.LEAK_EVERY ?? 0);
let streams = 0;

/** Whether this stream is one of those that do not release. */
export const forgets = (): boolean => leakEvery > 0 && ++streams % leakEvery === 0;

/** @param open acquires what a stream needs before its first event, and returns its release */
export function serveStreams(open: (req: IncomingMessage) => Promise<() => void>): void {
  const server = createServer(async (req, res) => {
    const release = await open(req);
    // The client may have disconnected meanwhile.
    if (!res.destroyed) res.writeHead(200, eventStream).flushHeaders();
    let n = 0;
    const timer = setInterval(() => res.write(`data: ${n++}\n\n`), intervalOf(req.url));
    finished(res, () => {
      clearInterval(timer);
      release();
    });
  });
  server.listen(port, host, () => ready(server));
}
