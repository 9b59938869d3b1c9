/**
 * The UI message stream of the Vercel AI SDK, version 5 and newer, as a page's `useChat` receives it.
 *
 * Sources: the documentation "Stream Protocols" (data stream: parts with a `type`, `[DONE]` at the
 * end), and the schema of chunks in the package `ai`. A tool without streamed input has its name
 * only in `tool-input-available`. An error of a tool does not end the answer.
 */
import type { Api } from './api.ts';

export const aiSdk: Api = {
  name: 'ai-sdk',
  about: 'UI message stream of the Vercel AI SDK (useChat)',
  method: 'POST',
  headers: {},
  body: JSON.stringify({
    id: 'chat-{{i}}',
    messages: [
      { id: 'message-{{i}}', role: 'user', parts: [{ type: 'text', text: '{{prompt}}' }] },
    ],
    trigger: 'submit-message',
  }),
  text: "type == 'text-delta' && delta",
  reasoning: "type == 'reasoning-delta' && delta",
  toolCall: 'inputTextDelta || toolName',
  end: { by: 'data', text: '[DONE]' },
  error: {
    path: "type == 'error' && (errorText || type) || type == 'abort' && (reason || type)",
    event: null,
  },
  // Only if the server attaches the usage to the message, under the name that the SDK gives it.
  tokens: 'messageMetadata.usage.outputTokens',
  sequence: null,
};
