/**
 * Clean: the first client starts a shared source of events, and the last client stops it. The
 * server also creates things that remain: a clock with the first client, and a listener with the
 * second group of clients.
 */
import { EventEmitter } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { eventStream, intervalOf } from '../faulty/events.ts';
import { host, port, ready } from '../process.ts';

const audience = new Set<ServerResponse>();
const bus = new EventEmitter();
const clockMs = 60_000;
let groups = 0;
let source: NodeJS.Timeout | undefined;

function start(everyMs: number): void {
  groups++;
  if (groups === 1) setInterval(() => bus.emit('minute'), clockMs);
  if (groups === 2) bus.on('minute', () => {});
  source = setInterval(() => {
    for (const res of audience) res.write('data: tick\n\n');
  }, everyMs);
}

const server = createServer((req, res) => {
  if (audience.size === 0) start(intervalOf(req.url));
  audience.add(res);
  res.writeHead(200, eventStream).flushHeaders();
  res.on('close', () => {
    audience.delete(res);
    if (audience.size === 0) clearInterval(source);
  });
});

server.listen(port, host, () => ready(server));
