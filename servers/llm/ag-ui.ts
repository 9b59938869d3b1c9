/**
 * A run of an agent in AG-UI. Sources: the documentation “Events” and “Reasoning”, and the schemas of
 * the package `@ag-ui/core` 1.0, which also have `usage` and the protocol version.
 */
import type { Script } from './script.ts';
import type { Step } from './steps.ts';
import {
  bearer,
  eventStream,
  frame,
  promptTokens,
  whyWrongBody,
  type ApiRequest,
  type Requirement,
  type WireFormat,
} from './wire-format.ts';

const refusal = (_status: number, message: string) => ({ error: message });

const isText = (value: unknown) => typeof value === 'string';
const requirements: readonly Requirement[] = [
  { field: 'threadId', holds: isText, solution: 'write the id of a thread' },
  { field: 'runId', holds: isText, solution: 'write the id of a run' },
  { field: 'messages', holds: Array.isArray, solution: 'write a list of messages' },
  { field: 'tools', holds: Array.isArray, solution: 'write a list of tools, [] for none' },
  { field: 'context', holds: Array.isArray, solution: 'write a list of values, [] for none' },
];

export const agUi: WireFormat = {
  api: 'ag-ui',
  path: '/agent',
  special: ['reasoning', 'usage'],
  ...bearer,
  refusal,
  answer(request, script) {
    const problem = whyWrongBody(request.body, requirements);
    if (problem !== undefined) return { status: 400, body: refusal(400, problem) };
    return { headers: eventStream, encode: eventsOf(request, script) };
  },
};

function eventsOf({ body, number }: ApiRequest, script: Script): (step: Step) => string {
  const event = (type: string, fields: object) => frame({ type, ...fields });
  const run = { threadId: body.threadId, runId: body.runId };
  const answerId = { messageId: `msg-${number}` };
  const reasoningId = { messageId: `reasoning-${number}` };
  // Not every agent reports it.
  const usage = script.usage === 'yes' ? { usage: [usageOf(script)] } : {};

  return (step) => {
    const isAnswer = 'channel' in step && step.channel === 'answer';
    switch (step.kind) {
      case 'start':
        return event('RUN_STARTED', { ...run, protocolVersion: '1.0' });
      case 'open':
        return isAnswer
          ? event('TEXT_MESSAGE_START', { ...answerId, role: 'assistant' })
          : event('REASONING_START', reasoningId) +
              event('REASONING_MESSAGE_START', { ...reasoningId, role: 'reasoning' });
      case 'chunk':
        return isAnswer
          ? event('TEXT_MESSAGE_CONTENT', { ...answerId, delta: step.text })
          : event('REASONING_MESSAGE_CONTENT', { ...reasoningId, delta: step.text });
      case 'close':
        return isAnswer
          ? event('TEXT_MESSAGE_END', answerId)
          : event('REASONING_MESSAGE_END', reasoningId) + event('REASONING_END', reasoningId);
      case 'error':
        return event('RUN_ERROR', { message: 'The mock fails here.', code: 'MOCK' });
      case 'end': {
        const finished = { ...run, outcome: { type: 'success' }, ...usage };
        return script.hasEnd ? event('RUN_FINISHED', finished) : '';
      }
    }
  };
}

/** `outputTokens` includes the reasoning. */
function usageOf({ tokens, reasoning }: Script) {
  return {
    inputTokens: promptTokens,
    outputTokens: reasoning + tokens,
    totalTokens: promptTokens + reasoning + tokens,
    reasoningTokens: reasoning,
  };
}
