import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { readOptions, startCounter } from './counter.ts';
import { host, page, port, ready } from './process.ts';

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

const server = serve({ fetch: app.fetch, port, hostname: host }, () => ready(server));
