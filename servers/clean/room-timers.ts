/** Clean: each room of the URL has a timer for as long as somebody is in the room. */
import { createServer, type ServerResponse } from 'node:http';
import { eventStream, intervalOf } from '../faulty/events.ts';
import { host, port, ready } from '../process.ts';

interface Room {
  members: Set<ServerResponse>;
  timer: NodeJS.Timeout;
}
const rooms = new Map<string, Room>();

function open(name: string, everyMs: number): Room {
  const members = new Set<ServerResponse>();
  const timer = setInterval(() => {
    for (const res of members) res.write('data: tick\n\n');
  }, everyMs);
  rooms.set(name, { members, timer });
  return { members, timer };
}

const server = createServer((req, res) => {
  const name = new URLSearchParams(req.url!.split('?')[1]).get('room') ?? 'lobby';
  const room = rooms.get(name) ?? open(name, intervalOf(req.url));
  res.writeHead(200, eventStream).flushHeaders();
  room.members.add(res);
  res.on('close', () => {
    room.members.delete(res);
    if (room.members.size > 0) return;
    clearInterval(room.timer);
    rooms.delete(name);
  });
});

server.listen(port, host, () => ready(server));
