/** Fault: opens a file for each stream, and never closes it. */
import { openSync } from 'node:fs';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { host, port, ready } from '../process.ts';
import { eventStream, intervalOf } from './events.ts';

const text = fileURLToPath(import.meta.url);

const server = createServer((req, res) => {
  const file = openSync(text, 'r');
  res.writeHead(200, eventStream).flushHeaders();
  const timer = setInterval(() => res.write(`data: ${file}\n\n`), intervalOf(req.url));
  res.on('close', () => clearInterval(timer));
});

server.listen(port, host, () => ready(server));
