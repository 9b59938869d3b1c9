/** Fault: an `unref()`ed timer is never cleared. Most tools miss it: it keeps no process alive. */
import { createServer } from 'node:http';
import { host, port, ready } from '../process.ts';
import { eventStream, intervalOf } from './events.ts';

const server = createServer((req, res) => {
  res.writeHead(200, eventStream).flushHeaders();
  let n = 0;
  setInterval(() => res.write(`data: ${n++}\n\n`), intervalOf(req.url)).unref();
});

server.listen(port, host, () => ready(server));
