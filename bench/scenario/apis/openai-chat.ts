/**
 * OpenAI's Chat Completions, which vLLM, Ollama, LiteLLM and most gateways also speak.
 *
 * Source: the API reference, "The chat completion chunk object". The first chunk has only a role,
 * with an empty content. If `stream_options` requests it, `usage` comes in a last chunk without
 * choices. `[DONE]` ends the stream. DeepSeek and vLLM document `reasoning_content`; OpenRouter and
 * newer versions of vLLM document `reasoning`.
 */
import type { Api } from './api.ts';

export const openaiChat: Api = {
  name: 'openai-chat',
  about: 'Chat Completions of OpenAI, vLLM, Ollama and most gateways',
  method: 'POST',
  headers: {},
  body: JSON.stringify({
    model: '{{model}}',
    messages: [{ role: 'user', content: '{{prompt}}' }],
    stream: true,
    stream_options: { include_usage: true },
  }),
  // Only the first of several choices (`n`), since each would have tokens of its own.
  text: 'choices[0].delta.content || choices[0].delta.refusal',
  reasoning: 'choices[0].delta.reasoning_content || choices[0].delta.reasoning',
  toolCall:
    'choices[0].delta.tool_calls[0].function.arguments || choices[0].delta.tool_calls[0].function.name',
  end: { by: 'data', text: '[DONE]' },
  error: { path: 'error', event: 'error' },
  tokens: 'usage.completion_tokens',
  sequence: null,
};
