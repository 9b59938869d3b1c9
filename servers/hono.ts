import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { endAllStreams, readOptions, startCounter } from './counter.ts';
import { address, flushMs, page, ready } from './process.ts';

const app = new Hono();

app.get('/', (c) => c.html(page));

app.get('/event', (c) => {
  const { options, problem } = readOptions(c.req.query());
  if (problem !== undefined) return c.text(problem, 400);

  c.header('Access-Control-Allow-Origin', '*');
  return streamSSE(
    c,
    (stream) =>
      new Promise<void>((resolve) => {
        const stop = startCounter(options, {
          send: (data) => stream.writeSSE({ data }),
          end: resolve,
        });
        stream.onAbort(() => {
          stop();
          resolve();
        });
      }),
  );
});

// `serve` does not pass `reusePort` on, so the server is created and started in two steps.
const server = createAdaptorServer({ fetch: app.fetch }).listen(address, () => ready(server));

// As Hono documents it for Node: the callback of `close` ends the process.
process.once('SIGTERM', () => {
  server.close((error) => process.exit(error ? 1 : 0));
  endAllStreams();
  setTimeout(() => (server as Server).closeAllConnections(), flushMs).unref();
});
