/** Fault: opens a channel for each stream, and never closes its ports. */
import { createServer } from 'node:http';
import { MessageChannel } from 'node:worker_threads';
import { host, port, ready } from '../process.ts';
import { eventStream, intervalOf } from './events.ts';

const server = createServer((req, res) => {
  const { port1, port2 } = new MessageChannel();
  res.writeHead(200, eventStream).flushHeaders();
  port2.on('message', (text) => res.write(`data: ${text}\n\n`));
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port has none
  const timer = setInterval(() => port1.postMessage('tick'), intervalOf(req.url));
  res.on('close', () => clearInterval(timer));
});

server.listen(port, host, () => ready(server));
