/** Fault: a loop over the events of one shared emitter, which nothing ends. */
import { EventEmitter, on } from 'node:events';
import { createServer } from 'node:http';
import { host, port, ready } from '../process.ts';
import { eventStream } from './events.ts';

const tickMs = 50;
const news = new EventEmitter().setMaxListeners(0);
let n = 0;
setInterval(() => news.emit('headline', n++), tickMs);

const server = createServer(async (_req, res) => {
  res.writeHead(200, eventStream).flushHeaders();
  for await (const [count] of on(news, 'headline')) res.write(`data: ${count}\n\n`);
});

server.listen(port, host, () => ready(server));
