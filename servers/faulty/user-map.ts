/** Fault: a Map of what each stream knows, from which no disconnect removes anything. */
import { randomUUID } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import { host, port, ready } from '../process.ts';
import { eventStream, intervalOf } from './events.ts';

interface Visit {
  since: number;
  sent: number;
}

class Lobby {
  readonly visits = new Map<string, Visit>();

  welcome(res: ServerResponse, everyMs: number) {
    const visit = { since: Date.now(), sent: 0 };
    this.visits.set(randomUUID(), visit);
    const timer = setInterval(() => res.write(`data: ${++visit.sent}\n\n`), everyMs);
    res.on('close', () => clearInterval(timer));
  }
}
const lobby = new Lobby();

const server = createServer((req, res) => {
  res.writeHead(200, eventStream).flushHeaders();
  lobby.welcome(res, intervalOf(req.url));
});

server.listen(port, host, () => ready(server));
