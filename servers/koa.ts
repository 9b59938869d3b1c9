import { PassThrough } from 'node:stream';
import Koa from 'koa';
import { endAllStreams, readOptions, startCounter } from './counter.ts';
import { address, flushMs, page, ready } from './process.ts';

const app = new Koa();

// Koa reports every disconnect of a client as an error.
app.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') console.error(error);
});

app.use((ctx) => {
  if (ctx.path === '/') {
    ctx.type = 'html';
    ctx.body = page;
  } else if (ctx.path === '/event') {
    const { options, problem } = readOptions(ctx.query);
    if (problem !== undefined) {
      ctx.status = 400;
      ctx.body = problem;
      return;
    }

    const events = new PassThrough();
    ctx.type = 'text/event-stream';
    ctx.set('Access-Control-Allow-Origin', '*');
    ctx.body = events;
    ctx.flushHeaders();
    const stop = startCounter(options, {
      send: (data) => events.write(`data: ${data}\n\n`),
      drained: () => new Promise((resolve) => events.once('drain', resolve)),
      end: () => events.end(),
    });
    events.on('close', stop);
  }
});

const server = app.listen(address, () => ready(server));

// `app.listen()` returns Node's server, and Koa documents no other way to stop it.
process.once('SIGTERM', () => {
  server.close();
  endAllStreams();
  setTimeout(() => server.closeAllConnections(), flushMs).unref();
});
