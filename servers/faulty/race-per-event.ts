/** Fault: each event races one promise of the stream, which keeps the result of every race. */
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { host, port, ready } from '../process.ts';
import { eventStream, intervalOf } from './events.ts';

const valuesInEvent = 500;

async function measure(everyMs: number) {
  await sleep(everyMs);
  return Array.from({ length: valuesInEvent }, Math.random);
}

const server = createServer(async (req, res) => {
  res.writeHead(200, eventStream).flushHeaders();
  const closed = new Promise<undefined>(
    (resolve) => void res.on('close', () => resolve(undefined)),
  );
  for (;;) {
    const values = await Promise.race([closed, measure(intervalOf(req.url))]);
    if (values === undefined) return;
    res.write(`data: ${values.length}\n\n`);
  }
});

server.listen(port, host, () => ready(server));
