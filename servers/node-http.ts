import { createServer } from 'node:http';
import { readOptions, startCounter } from './counter.ts';
import { host, page, port, ready } from './process.ts';

const server = createServer((req, res) => {
  const { pathname, searchParams } = new URL(req.url ?? '/', 'http://localhost');
  if (pathname === '/') {
    res.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(page);
    return;
  }
  if (pathname !== '/event') {
    res.writeHead(404).end();
    return;
  }
  const { options, problem } = readOptions(Object.fromEntries(searchParams));
  if (problem !== undefined) {
    res.writeHead(400, { 'Content-Type': 'text/plain' }).end(problem);
    return;
  }

  res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Access-Control-Allow-Origin': '*' });
  res.flushHeaders();
  const stop = startCounter(options, {
    send: (data) => res.write(`data: ${data}\n\n`),
    drained: () => new Promise((resolve) => res.once('drain', resolve)),
    end: () => res.end(),
  });
  res.on('close', stop);
});

server.listen(port, host, () => ready(server));
