/** Fault: the first client starts a shared source of events, and the last client does not stop it. */
import { createServer, type ServerResponse } from 'node:http';
import { host, port, ready } from '../process.ts';
import { eventStream, intervalOf } from './events.ts';

const audience = new Set<ServerResponse>();

function start(everyMs: number): void {
  setInterval(() => {
    for (const res of audience) res.write('data: tick\n\n');
  }, everyMs);
}

const server = createServer((req, res) => {
  if (audience.size === 0) start(intervalOf(req.url));
  audience.add(res);
  res.writeHead(200, eventStream).flushHeaders();
  res.on('close', () => audience.delete(res));
});

server.listen(port, host, () => ready(server));
