/** Fault: after a disconnect, fastify-sse-v2 reads its generator on, and never calls `return()`. */
import { setTimeout as sleep } from 'node:timers/promises';
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import { FastifySSEPlugin } from 'fastify-sse-v2';
import { host, port, ready } from '../process.ts';
import { intervalOf } from './events.ts';

const app = Fastify();
app.register(FastifySSEPlugin);

async function* events(intervalMs: number) {
  for (let n = 0; ; n++) {
    await sleep(intervalMs);
    yield { data: String(n) };
  }
}

const answer = (request: FastifyRequest, reply: FastifyReply) =>
  void reply.sse(events(intervalOf(request.url)));
app.get('/event', answer);
app.post('/event', answer);

await app.listen({ port, host });
ready(app.server);
