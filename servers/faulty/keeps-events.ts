/** Fault: each stream keeps everything that it has sent for as long as it is open. */
import { createServer } from 'node:http';
import { host, port, ready } from '../process.ts';
import { eventStream, intervalOf } from './events.ts';

const valuesInEvent = 1_000;

const server = createServer((req, res) => {
  res.writeHead(200, eventStream).flushHeaders();
  const sent: number[][] = [];
  const timer = setInterval(() => {
    sent.push(Array.from({ length: valuesInEvent }, Math.random));
    res.write(`data: ${sent.length}\n\n`);
  }, intervalOf(req.url));
  res.on('close', () => clearInterval(timer));
});

server.listen(port, host, () => ready(server));
