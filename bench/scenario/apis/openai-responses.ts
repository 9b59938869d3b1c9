/**
 * OpenAI's Responses API.
 *
 * Sources: the API reference, "Streaming events" (the type is also in the data; each event has a
 * `sequence_number` from 0; there is no `[DONE]`), and the guide "Streaming API responses". Servers
 * that put the error into an object, as Chat Completions do, are read too.
 */
import type { Api } from './api.ts';

/** The text of the events of these types is in `delta`. */
const deltaOf = (...types: readonly string[]) =>
  `(${types.map((type) => `type == 'response.${type}.delta'`).join(' || ')}) && delta`;

export const openaiResponses: Api = {
  name: 'openai-responses',
  about: 'Responses of OpenAI',
  method: 'POST',
  headers: {},
  body: JSON.stringify({ model: '{{model}}', input: '{{prompt}}', stream: true }),
  text: deltaOf('output_text', 'refusal'),
  reasoning: deltaOf('reasoning_text', 'reasoning_summary_text'),
  toolCall: deltaOf(
    'function_call_arguments',
    'custom_tool_call_input',
    'mcp_call_arguments',
    'code_interpreter_call_code',
  ),
  end: {
    by: 'path',
    path: "type == 'response.completed' || type == 'response.incomplete' || type == 'response.failed'",
  },
  error: {
    path: "type == 'error' && (error || @) || type == 'response.failed' && (response.error || error || @)",
    event: 'error',
  },
  tokens: 'response.usage.output_tokens',
  sequence: 'sequence_number',
};
