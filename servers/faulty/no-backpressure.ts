/** Fault: writes without backpressure. Events for a client that does not read wait in memory. */
import { createServer } from 'node:http';
import { host, port, ready } from '../process.ts';
import { eventStream, intervalOf } from './events.ts';

const eventBytes = 4 * 1024;

const server = createServer((req, res) => {
  res.writeHead(200, eventStream).flushHeaders();
  const timer = setInterval(
    () => res.write(`data: ${'.'.repeat(eventBytes)}\n\n`),
    intervalOf(req.url),
  );
  res.on('close', () => clearInterval(timer));
});

server.listen(port, host, () => ready(server));
