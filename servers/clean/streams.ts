/**
 * What these servers share: a stream of ticks, which takes something when it begins and releases it when it closes.
 * Each server has a leaking twin: with `LEAK_EVERY=3` it forgets to release what every third stream took.
 */
import { createServer, type IncomingMessage } from 'node:http';
import { finished } from 'node:stream';
import { eventStream, intervalOf } from '../faulty/events.ts';
import { host, port, ready } from '../process.ts';

const leakEvery = Number(process.env.LEAK_EVERY ?? 0);
let streams = 0;

/** Whether this stream is one of those that forget to release. */
export const forgets = (): boolean => leakEvery > 0 && ++streams % leakEvery === 0;

/** @param open takes what a stream needs before its first event, and returns what releases it */
export function serveStreams(open: (req: IncomingMessage) => Promise<() => void>): void {
  const server = createServer(async (req, res) => {
    const release = await open(req);
    // A client may have left meanwhile.
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
