/** Fault: starts a process for each stream, and never ends it. */
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { host, port, ready } from '../process.ts';
import { eventStream, intervalOf } from './events.ts';

const server = createServer((req, res) => {
  // It ends with this process, when its standard input closes.
  const echo = spawn('cat');
  res.writeHead(200, eventStream).flushHeaders();
  echo.stdout.pipe(res);
  let n = 0;
  const timer = setInterval(() => echo.stdin.write(`data: ${n++}\n\n`), intervalOf(req.url));
  res.on('close', () => clearInterval(timer));
});

server.listen(port, host, () => ready(server));
