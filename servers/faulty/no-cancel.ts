/** Fault: a web stream without `cancel()` is not notified of a disconnect. */
import { serve } from '@hono/node-server';
import { host, port, ready } from '../process.ts';
import { eventStream, intervalOf } from './events.ts';

function respond(request: Request): Response {
  const body = new ReadableStream({
    start(controller) {
      const encoder = new TextEncoder();
      let n = 0;
      setInterval(() => {
        try {
          controller.enqueue(encoder.encode(`data: ${n++}\n\n`));
        } catch {
          // the stream was cancelled, but the timer still runs
        }
      }, intervalOf(request.url));
    },
  });
  return new Response(body, { headers: eventStream });
}

const server = serve({ fetch: respond, port, hostname: host }, () => ready(server));
