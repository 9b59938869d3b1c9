/**
 * The stream of OpenAI's Chat Completions. Sources: the API reference (“The chat completion chunk
 * object”, `stream_options`) and the types of the official client, `openai` on npm. The reference
 * has no reasoning text: `reasoning_content` is the field of DeepSeek's API and of vLLM. It has no
 * error in mid-stream either: the official client takes any event whose data has an `error`.
 */
import type { Script } from './script.ts';
import type { Step } from './steps.ts';
import {
  bearer,
  eventStream,
  frame,
  isStreaming,
  openaiRefusal,
  promptTokens,
  whyWrongBody,
  type ApiRequest,
  type WireFormat,
} from './wire-format.ts';

export const openaiChat: WireFormat = {
  api: 'openai-chat',
  path: '/v1/chat/completions',
  special: ['reasoning', 'usage', 'role'],
  ...bearer,
  refusal: openaiRefusal,
  answer(request, script) {
    const problem = whyWrongBody(request.body, [
      isStreaming,
      { field: 'messages', holds: Array.isArray, solution: 'write a list of messages' },
    ]);
    if (problem !== undefined) return { status: 400, body: openaiRefusal(400, problem) };
    return { headers: eventStream, encode: chunksOf(request, script) };
  },
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

function chunksOf({ body, number, nowS }: ApiRequest, script: Script): (step: Step) => string {
  const options = body.stream_options;
  const hasUsage =
    script.usage === 'yes' ||
    (script.usage === 'api' && isObject(options) && options.include_usage === true);
  const head = {
    id: `chatcmpl-${number}`,
    object: 'chat.completion.chunk',
    created: nowS,
    model: body.model ?? 'mock',
  };
  const chunk = (delta: object, finishReason: string | null = null) =>
    frame({
      ...head,
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
      // With usage, every chunk before the last one has it as null.
      ...(hasUsage && { usage: null }),
    });
  const usage = () => frame({ ...head, choices: [], usage: usageOf(script) });
  let role: { role?: 'assistant' } = script.role === 'none' ? { role: 'assistant' } : {};

  return (step) => {
    switch (step.kind) {
      case 'start':
        return script.role === 'none'
          ? ''
          : chunk({ role: 'assistant', content: script.role === 'empty' ? '' : null });
      case 'chunk': {
        const field = step.channel === 'answer' ? 'content' : 'reasoning_content';
        const text = chunk({ ...role, [field]: step.text });
        role = {};
        return text;
      }
      case 'error':
        return frame({
          error: { message: 'The mock fails here.', type: 'server_error', param: null, code: null },
        });
      case 'end':
        return (
          chunk({}, 'stop') + (hasUsage ? usage() : '') + (script.hasEnd ? frame('[DONE]') : '')
        );
      default:
        return '';
    }
  };
}

/** `completion_tokens` includes the reasoning. */
function usageOf({ tokens, reasoning }: Script) {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: reasoning + tokens,
    total_tokens: promptTokens + reasoning + tokens,
    completion_tokens_details: { reasoning_tokens: reasoning },
  };
}
