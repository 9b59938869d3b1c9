/** Clean: 3 KB of events per second. A client gets no event while its last one waits in memory. */
import { createServer } from 'node:http';
import { eventStream } from '../faulty/events.ts';
import { host, port, ready } from '../process.ts';

const everyMs = 100;
const event = `data: ${'.'.repeat(300)}\n\n`;

const server = createServer((_req, res) => {
  res.writeHead(200, eventStream).flushHeaders();
  const timer = setInterval(() => {
    if (res.writableLength === 0) res.write(event);
  }, everyMs);
  res.on('close', () => clearInterval(timer));
});

server.listen(port, host, () => ready(server));
