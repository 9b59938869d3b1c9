import { setTimeout } from 'node:timers/promises';
import Fastify from 'fastify';
import { endAllStreams, readOptions, startCounter } from './counter.ts';
import { address, flushMs, page, ready } from './process.ts';

const app = Fastify({ forceCloseConnections: true });

app.get('/', (_request, reply) => reply.type('text/html').send(page));

app.get<{ Querystring: Record<string, string> }>('/event', (request, reply) => {
  const { options, problem } = readOptions(request.query);
  if (problem !== undefined) return reply.code(400).type('text/plain').send(problem);

  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, { 'Content-Type': 'text/event-stream', 'Access-Control-Allow-Origin': '*' });
  raw.flushHeaders();
  const stop = startCounter(options, {
    send: (data) => raw.write(`data: ${data}\n\n`),
    drained: () => new Promise((resolve) => raw.once('drain', resolve)),
    end: () => raw.end(),
  });
  raw.on('close', stop);
});

// As Fastify documents it: `preClose` ends everything that would keep the server from closing.
app.addHook('preClose', async () => {
  endAllStreams();
  await setTimeout(flushMs);
});
process.once('SIGTERM', () => void app.close());

await app.listen(address);
ready(app.server);
