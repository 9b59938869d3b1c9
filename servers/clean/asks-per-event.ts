/** Clean: before each event, asks whether the response has closed, instead of racing a promise. */
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventStream, intervalOf } from '../faulty/events.ts';
import { host, port, ready } from '../process.ts';

const valuesInEvent = 500;

const server = createServer(async (req, res) => {
  res.writeHead(200, eventStream).flushHeaders();
  while (!res.closed) {
    await sleep(intervalOf(req.url));
    const values = Array.from({ length: valuesInEvent }, Math.random);
    if (!res.closed) res.write(`data: ${values.length}\n\n`);
  }
});

server.listen(port, host, () => ready(server));
