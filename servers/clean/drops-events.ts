/** Clean: each stream keeps only what it has sent last. */
import { createServer } from 'node:http';
import { eventStream, intervalOf } from '../faulty/events.ts';
import { host, port, ready } from '../process.ts';

const valuesInEvent = 1_000;

const server = createServer((req, res) => {
  res.writeHead(200, eventStream).flushHeaders();
  let last: number[] = [];
  const timer = setInterval(() => {
    last = Array.from({ length: valuesInEvent }, Math.random);
    res.write(`data: ${last.length}\n\n`);
  }, intervalOf(req.url));
  res.on('close', () => clearInterval(timer));
});

server.listen(port, host, () => ready(server));
