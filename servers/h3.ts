import { EventStream, H3, html, raw, serve } from 'h3';
import { readOptions, startCounter } from './counter.ts';
import { host, page, port, ready } from './process.ts';

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

// Its own way of shutting down waits five seconds for open streams.
const server = serve(app, { port, hostname: host, silent: true, gracefulShutdown: false });
await server.ready();
ready(server.node!.server!);
