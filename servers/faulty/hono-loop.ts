/** Fault: never checks whether the stream was aborted. Hono reports no error for its writes. */
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { host, port, ready } from '../process.ts';
import { intervalOf } from './events.ts';

const app = new Hono();

app.all('/event', (c) =>
  streamSSE(c, async (stream) => {
    for (let n = 0; ; n++) {
      await stream.writeSSE({ data: String(n) });
      await stream.sleep(intervalOf(c.req.url));
    }
  }),
);

const server = serve({ fetch: app.fetch, port, hostname: host }, () => ready(server));
