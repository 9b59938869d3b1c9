/** A model for the AI SDK, by “Testing” of its documentation. */
import { MockLanguageModelV4 } from 'ai/test';
import { tokens, work } from './work.ts';

type Parts = Awaited<ReturnType<MockLanguageModelV4['doStream']>>['stream'];
type Part = Parts extends ReadableStream<infer Each> ? Each : never;

const finish: Part = {
  type: 'finish',
  finishReason: { unified: 'stop', raw: undefined },
  usage: {
    inputTokens: { total: 10, noCache: 10, cacheRead: undefined, cacheWrite: undefined },
    outputTokens: { total: tokens, text: tokens, reasoning: undefined },
  },
};

/**
 * It computes whether or not its tokens are read, as a service does. Two things end it: the signal
 * of the call, and the end of the stream that it returned.
 */
export const model = new MockLanguageModelV4({
  doStream: ({ abortSignal }) => {
    const cancelled = new AbortController();
    const signals = [cancelled.signal, ...(abortSignal === undefined ? [] : [abortSignal])];
    const stream = new ReadableStream<Part>({
      start(controller) {
        void compute(AbortSignal.any(signals), controller);
      },
      cancel: () => cancelled.abort(),
    });
    return Promise.resolve({ stream });
  },
});

async function compute(signal: AbortSignal, parts: ReadableStreamDefaultController<Part>) {
  parts.enqueue({ type: 'text-start', id: '1' });
  for await (const delta of work(signal))
    if (!signal.aborted) parts.enqueue({ type: 'text-delta', id: '1', delta });
  if (signal.aborted) return;
  parts.enqueue({ type: 'text-end', id: '1' });
  parts.enqueue(finish);
  parts.close();
}
