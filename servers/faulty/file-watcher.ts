/** Fault: watches a file for each stream, and never stops. */
import { watch } from 'node:fs';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { host, port, ready } from '../process.ts';
import { eventStream, intervalOf } from './events.ts';

const file = fileURLToPath(import.meta.url);

const server = createServer((req, res) => {
  res.writeHead(200, eventStream).flushHeaders();
  watch(file, (change) => res.write(`data: ${change}\n\n`));
  const timer = setInterval(() => res.write('data: tick\n\n'), intervalOf(req.url));
  res.on('close', () => clearInterval(timer));
});

server.listen(port, host, () => ready(server));
