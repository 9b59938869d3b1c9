/**
 * AG-UI, the protocol between agents and pages.
 *
 * Sources: the documentation "Events" (lifecycle, text messages, tool calls, reasoning), and the
 * schemas in the package `@ag-ui/core`. Before version 1.0, reasoning events had other names. A
 * state event has a list as its `delta`, which is not text.
 */
import type { Api } from './api.ts';

/** The text of the events of these types is in `delta`. */
const deltaOf = (...types: readonly string[]) =>
  `(${types.map((type) => `type == '${type}'`).join(' || ')}) && delta`;

export const agUi: Api = {
  name: 'ag-ui',
  about: 'AG-UI: events of agents for pages',
  method: 'POST',
  headers: {},
  body: JSON.stringify({
    threadId: 'thread-{{i}}',
    runId: 'run-{{i}}',
    state: {},
    messages: [{ id: 'message-{{i}}', role: 'user', content: '{{prompt}}' }],
    tools: [],
    context: [],
    forwardedProps: {},
  }),
  text: deltaOf('TEXT_MESSAGE_CONTENT', 'TEXT_MESSAGE_CHUNK'),
  reasoning: deltaOf(
    'REASONING_MESSAGE_CONTENT',
    'REASONING_MESSAGE_CHUNK',
    'THINKING_TEXT_MESSAGE_CONTENT',
  ),
  toolCall: `toolCallName || ${deltaOf('TOOL_CALL_ARGS', 'TOOL_CALL_CHUNK')}`,
  end: { by: 'path', path: "type == 'RUN_FINISHED'" },
  error: { path: "type == 'RUN_ERROR' && @", event: null },
  // One entry for each model. The check before it avoids an exception for every other event.
  tokens: 'usage && sum(usage[].outputTokens)',
  sequence: null,
};
