/**
 * Fault: writes without backpressure, at the pace of a chat: 3 KB per second. Events for a client
 * that does not read wait in memory.
 */
import { createServer } from 'node:http';
import { host, port, ready } from '../process.ts';
import { eventStream } from './events.ts';

const everyMs = 100;
const event = `data: ${'.'.repeat(300)}\n\n`;

const server = createServer((_req, res) => {
  res.writeHead(200, eventStream).flushHeaders();
  const timer = setInterval(() => res.write(event), everyMs);
  res.on('close', () => clearInterval(timer));
});

server.listen(port, host, () => ready(server));
