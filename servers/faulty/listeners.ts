/** Fault: each stream adds a listener to one shared emitter, and never removes it. */
import { EventEmitter } from 'node:events';
import { createServer } from 'node:http';
import { host, port, ready } from '../process.ts';
import { eventStream } from './events.ts';

const tickMs = 50;
const ticker = new EventEmitter().setMaxListeners(0);
let n = 0;
setInterval(() => ticker.emit('tick', n++), tickMs);

const server = createServer((_req, res) => {
  res.writeHead(200, eventStream).flushHeaders();
  ticker.on('tick', (count: number) => res.write(`data: ${count}\n\n`));
});

server.listen(port, host, () => ready(server));
