/** Fault: Koa destroys the body when a client disconnects, but the server ignores that. */
import { PassThrough } from 'node:stream';
import Koa from 'koa';
import { host, port, ready } from '../process.ts';
import { intervalOf } from './events.ts';

const app = new Koa();
app.on('error', () => {});

app.use((ctx) => {
  const events = new PassThrough();
  events.on('error', () => {});
  ctx.type = 'text/event-stream';
  ctx.body = events;
  ctx.flushHeaders();
  let n = 0;
  setInterval(() => events.write(`data: ${n++}\n\n`), intervalOf(ctx.url));
});

const server = app.listen(port, host, () => ready(server));
