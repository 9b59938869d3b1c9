/** Fault: keeps responses for broadcasting, and never removes them. */
import { createServer, type ServerResponse } from 'node:http';
import { host, port, ready } from '../process.ts';
import { eventStream } from './events.ts';

const tickMs = 50;
const audience = new Set<ServerResponse>();
let n = 0;
setInterval(() => {
  for (const res of audience) if (!res.destroyed) res.write(`data: ${n}\n\n`);
  n++;
}, tickMs);

const server = createServer((_req, res) => {
  res.writeHead(200, eventStream).flushHeaders();
  audience.add(res);
});

server.listen(port, host, () => ready(server));
