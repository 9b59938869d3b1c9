/**
 * The Vercel AI SDK on `node:http`, with a mock model: `streamText` in `createUIMessageStream`, as
 * “Streaming Data” of its documentation shows. With `?stop`, the model gets the `abortSignal` of
 * “Stopping Streams”.
 */
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import {
  convertToModelMessages,
  createUIMessageStream,
  pipeUIMessageStreamToResponse,
  streamText,
  toUIMessageStream,
  type UIMessage,
} from 'ai';
import { address, ready } from '../../process.ts';
import { model } from './mock-model.ts';
import { disconnectSignal, isToStop } from './work.ts';

const server = createServer((req, res) => {
  void (async () => {
    const { messages } = (await json(req)) as { messages: UIMessage[] };
    const abortSignal = isToStop(req.url) ? disconnectSignal(res) : undefined;
    const stream = createUIMessageStream({
      execute: async ({ writer }) => {
        const result = streamText({
          model,
          messages: await convertToModelMessages(messages),
          abortSignal,
        });
        writer.merge(toUIMessageStream({ stream: result.stream }));
      },
    });
    await pipeUIMessageStreamToResponse({ response: res, stream });
  })().catch(() => res.destroy());
});

server.listen(address, () => ready(server, (origin) => `The chat is at ${origin}/api/chat`));
