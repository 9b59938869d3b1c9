/**
 * The UI message stream of the Vercel AI SDK, which `useChat` reads. Sources: the documentation
 * “Stream Protocols” and “Message Metadata”, and the schema of the chunks in the package `ai` 7. The
 * SDK sends `[DONE]` at the end of every stream, also after an error.
 */
import type { Script } from './script.ts';
import type { Step } from './steps.ts';
import {
  bearer,
  frame,
  promptTokens,
  whyWrongBody,
  type ApiRequest,
  type WireFormat,
} from './wire-format.ts';

const headers = {
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'no-cache',
  'X-Vercel-AI-UI-Message-Stream': 'v1',
  'X-Accel-Buffering': 'no',
};

const refusal = (_status: number, message: string) => ({ error: message });

export const aiSdk: WireFormat = {
  api: 'ai-sdk',
  path: '/api/chat',
  special: ['reasoning', 'usage'],
  ...bearer,
  refusal,
  answer(request, script) {
    const problem = whyWrongBody(request.body, [
      { field: 'messages', holds: Array.isArray, solution: 'write a list of UI messages' },
    ]);
    if (problem !== undefined) return { status: 400, body: refusal(400, problem) };
    return { headers, encode: partsOf(request, script) };
  },
};

function partsOf({ number }: ApiRequest, script: Script): (step: Step) => string {
  const done = script.hasEnd ? frame('[DONE]') : '';
  // Only applications that attach the usage to the message send it.
  const metadata = script.usage === 'yes' ? { messageMetadata: { usage: usageOf(script) } } : {};

  return (step) => {
    if ('channel' in step) {
      const name = step.channel === 'answer' ? 'text' : 'reasoning';
      const id = `${name}-${number}`;
      if (step.kind === 'chunk') return frame({ type: `${name}-delta`, id, delta: step.text });
      return frame({ type: `${name}-${step.kind === 'open' ? 'start' : 'end'}`, id });
    }
    switch (step.kind) {
      case 'start':
        return frame({ type: 'start', messageId: `msg-${number}` }) + frame({ type: 'start-step' });
      case 'error':
        return frame({ type: 'error', errorText: 'The mock fails here.' }) + done;
      case 'end': {
        const finish = { type: 'finish', finishReason: 'stop', ...metadata };
        return frame({ type: 'finish-step' }) + frame(finish) + done;
      }
    }
  };
}

/** The fields of the SDK's `LanguageModelUsage` that most providers fill. */
function usageOf({ tokens, reasoning }: Script) {
  return {
    inputTokens: promptTokens,
    outputTokens: reasoning + tokens,
    totalTokens: promptTokens + reasoning + tokens,
  };
}
