/** Fault: each room of the URL gets a timer, which still runs when nobody is in the room. */
import { createServer, type ServerResponse } from 'node:http';
import { host, port, ready } from '../process.ts';
import { eventStream, intervalOf } from './events.ts';

const members = new Map<string, Set<ServerResponse>>();

function enter(name: string, everyMs: number): Set<ServerResponse> {
  const known = members.get(name);
  if (known) return known;
  const room = new Set<ServerResponse>();
  members.set(name, room);
  setInterval(() => {
    for (const res of room) res.write('data: tick\n\n');
  }, everyMs);
  return room;
}

const server = createServer((req, res) => {
  const name = new URLSearchParams(req.url!.split('?')[1]).get('room') ?? 'lobby';
  const room = enter(name, intervalOf(req.url));
  res.writeHead(200, eventStream).flushHeaders();
  room.add(res);
  res.on('close', () => room.delete(res));
});

server.listen(port, host, () => ready(server));
