/**
 * Clean: each stream waits with a generator that ends with it, and races with promises that settle.
 * The server keeps the last 64 promises.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { eventStream, intervalOf } from '../faulty/events.ts';
import { host, port, ready } from '../process.ts';

const mostVisits = 64;
const visits: Promise<string>[] = [];
/** Settles once a second, so it keeps the results of few races. */
let nextNews = Promise.withResolvers<void>();
setInterval(() => {
  nextNews.resolve();
  nextNews = Promise.withResolvers();
}, 1_000).unref();

async function* ticks(everyMs: number, signal: AbortSignal): AsyncGenerator<number> {
  for (let n = 0; !signal.aborted; n++) {
    yield n;
    await setTimeout(everyMs, undefined, { signal });
  }
}

const server = createServer(async (req, res) => {
  const closed = new AbortController();
  res.on('close', () => closed.abort());
  res.writeHead(200, eventStream).flushHeaders();
  visits.push(once(res, 'close').then(() => 'closed'));
  if (visits.length > mostVisits) visits.shift();
  void Promise.race([nextNews.promise, once(res, 'close')]);
  try {
    for await (const n of ticks(intervalOf(req.url), closed.signal)) res.write(`data: ${n}\n\n`);
  } catch (error) {
    if ((error as Error).name !== 'AbortError') throw error;
  }
});

server.listen(port, host, () => ready(server));
