import { EventStream, H3, html, raw, serve } from 'h3';
import { endAllStreams, readOptions, startCounter } from './counter.ts';
import { address, flushMs, page, ready } from './process.ts';

const app = new H3();

app.get('/', () => html(raw(page)));

app.get('/event', (event) => {
  const { options, problem } = readOptions(Object.fromEntries(event.url.searchParams));
  if (problem !== undefined) return new Response(problem, { status: 400 });

  event.res.headers.set('Access-Control-Allow-Origin', '*');
  const stream = new EventStream(event);
  const stop = startCounter(options, {
    send: (data) => stream.push(data),
    end: () => void stream.close(),
  });
  stream.onClosed(stop);
  return stream.send();
});

// h3's handler of SIGTERM waits up to 5 s and does not end streams, so call its `close()` here.
const server = serve(app, {
  ...address,
  hostname: address.host,
  silent: true,
  gracefulShutdown: false,
});
await server.ready();
ready(server.node!.server!);

process.once('SIGTERM', () => {
  void server.close();
  endAllStreams();
  setTimeout(() => server.close(true), flushMs).unref();
});
