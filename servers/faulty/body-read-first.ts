/** Fault: `close` of a request comes when its body was read, before the server listens for it. */
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { host, port, ready } from '../process.ts';
import { eventStream, intervalOf } from './events.ts';

const server = createServer(async (req, res) => {
  await buffer(req);
  res.writeHead(200, eventStream).flushHeaders();
  let n = 0;
  const timer = setInterval(() => res.write(`data: ${n++}\n\n`), intervalOf(req.url));
  req.on('close', () => clearInterval(timer));
});

server.listen(port, host, () => ready(server));
