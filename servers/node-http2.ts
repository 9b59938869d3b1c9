import { createServer, type ServerHttp2Session } from 'node:http2';
import { endAllStreams, readOptions, startCounter } from './counter.ts';
import { address, flushMs, page, ready } from './process.ts';

const server = createServer((req, res) => {
  const [path, query] = req.url.split('?');
  if (path === '/') {
    res.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(page);
    return;
  }
  if (path !== '/event') {
    res.writeHead(404).end();
    return;
  }
  const { options, problem } = readOptions(
    Object.fromEntries(new URLSearchParams(query)),
    req.headers['last-event-id']?.toString(),
  );
  if (problem !== undefined) {
    res.writeHead(400, { 'Content-Type': 'text/plain' }).end(problem);
    return;
  }

  res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Access-Control-Allow-Origin': '*' });
  const stop = startCounter(options, {
    send: (data, fields) => res.write(`${fields}data: ${data}\n\n`),
    drained: () => new Promise((resolve) => res.once('drain', resolve)),
    end: () => res.end(),
  });
  res.on('close', stop);
});

const sessions = new Set<ServerHttp2Session>();
server.on('session', (session) => {
  sessions.add(session);
  session.on('close', () => sessions.delete(session));
});

server.listen(address, () => ready(server));

// As Node documents it: no new sessions, some time for open ones. Streams never end alone.
process.once('SIGTERM', () => {
  server.close();
  endAllStreams();
  for (const session of sessions) session.close();
  setTimeout(() => sessions.forEach((session) => session.destroy()), flushMs).unref();
});
