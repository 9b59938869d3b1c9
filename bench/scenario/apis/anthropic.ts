/**
 * Anthropic's Messages API.
 *
 * Sources: the documentation "Streaming messages" (event types, `ping`, `error`, kinds of delta; the
 * usage of `message_delta` is cumulative) and "API versioning" (the version header is required).
 * `message_start` has a usage too, at another path: it counts tokens of an answer not yet written.
 */
import type { Api } from './api.ts';

export const anthropic: Api = {
  name: 'anthropic',
  about: 'Messages of Anthropic',
  method: 'POST',
  headers: { 'anthropic-version': '2023-06-01' },
  body: JSON.stringify({
    model: '{{model}}',
    max_tokens: 1_024,
    messages: [{ role: 'user', content: '{{prompt}}' }],
    stream: true,
  }),
  text: 'delta.text',
  reasoning: 'delta.thinking',
  // A block with a name begins a tool call. Its first piece of JSON is empty.
  toolCall: 'delta.partial_json || content_block.name',
  end: { by: 'path', path: "type == 'message_stop'" },
  error: { path: "type == 'error' && (error || @)", event: 'error' },
  tokens: 'usage.output_tokens',
  sequence: null,
};
