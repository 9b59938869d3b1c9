/** Fault: each stream listens to the end of the process, and never removes its listener. */
import { setMaxListeners } from 'node:events';
import { createServer } from 'node:http';
import { host, port, ready } from '../process.ts';
import { eventStream, intervalOf } from './events.ts';

const ending = new AbortController();
setMaxListeners(0, ending.signal);
process.once('SIGTERM', () => {
  ending.abort();
  process.exit();
});

const server = createServer((req, res) => {
  res.writeHead(200, eventStream).flushHeaders();
  const timer = setInterval(() => res.write('data: tick\n\n'), intervalOf(req.url));
  res.on('close', () => clearInterval(timer));
  ending.signal.addEventListener('abort', () => res.end('event: end\ndata\n\n'));
});

server.listen(port, host, () => ready(server));
