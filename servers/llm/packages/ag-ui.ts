/**
 * An agent with AG-UI's encoder, as its quickstart for servers shows. The encoder only formats
 * events. With `?stop`, the loop ends with its client.
 */
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { EventType, type RunAgentInput } from '@ag-ui/core';
import { EventEncoder } from '@ag-ui/encoder';
import { address, ready } from '../../process.ts';
import { disconnectSignal, isToStop, work } from './work.ts';

const server = createServer((req, res) => {
  void (async () => {
    const { threadId, runId } = (await json(req)) as RunAgentInput;
    const encoder = new EventEncoder({ accept: req.headers.accept ?? '*/*' });
    const signal = isToStop(req.url) ? disconnectSignal(res) : undefined;
    const messageId = `message-${runId}`;
    res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' });
    const send = (event: Parameters<EventEncoder['encodeSSE']>[0]) =>
      res.write(encoder.encodeSSE(event));

    send({ type: EventType.RUN_STARTED, threadId, runId });
    send({ type: EventType.TEXT_MESSAGE_START, messageId, role: 'assistant' });
    for await (const delta of work(signal))
      send({ type: EventType.TEXT_MESSAGE_CONTENT, messageId, delta });
    send({ type: EventType.TEXT_MESSAGE_END, messageId });
    send({ type: EventType.RUN_FINISHED, threadId, runId });
    res.end();
  })().catch(() => res.destroy());
});

server.listen(address, () => ready(server, (origin) => `The agent is at ${origin}/agent`));
