/** Clean: each stream keeps its last 100 events for a client that reconnects. */
import { createServer } from 'node:http';
import { eventStream, intervalOf } from '../faulty/events.ts';
import { host, port, ready } from '../process.ts';

const valuesInEvent = 1_000;
const mostEvents = 100;

const server = createServer((req, res) => {
  res.writeHead(200, eventStream).flushHeaders();
  const sent: number[][] = [];
  const timer = setInterval(() => {
    sent.push(Array.from({ length: valuesInEvent }, Math.random));
    if (sent.length > mostEvents) sent.shift();
    res.write(`data: ${sent.length}\n\n`);
  }, intervalOf(req.url));
  res.on('close', () => clearInterval(timer));
});

server.listen(port, host, () => ready(server));
