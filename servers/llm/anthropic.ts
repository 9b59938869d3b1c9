/**
 * The stream of Anthropic's Messages API. Source: the documentation “Streaming messages”: the order
 * of events, `ping`, the signature at the end of thinking, the cumulative usage, and `error`. The
 * header `anthropic-version` is required (“API versioning”).
 */
import type { Script } from './script.ts';
import type { Channel, Step } from './steps.ts';
import {
  eventStream,
  frame,
  isStreaming,
  promptTokens,
  whyWrongBody,
  type ApiRequest,
  type WireFormat,
} from './wire-format.ts';

const errorTypes: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  413: 'request_too_large',
};

const refusal = (status: number, message: string) => ({
  type: 'error',
  error: { type: errorTypes[status] ?? errorTypes[400], message },
});

export const anthropic: WireFormat = {
  api: 'anthropic',
  path: '/v1/messages',
  special: ['reasoning', 'usage'],
  keyOf: (headers) => headers['x-api-key']?.toString(),
  keyHeader: 'x-api-key: KEY',
  refusal,
  answer(request, script) {
    const hasVersion = request.headers['anthropic-version'] !== undefined;
    const problem = whyWrongBody(request.body, [
      isStreaming,
      {
        field: 'model',
        holds: (value) => typeof value === 'string' && value !== '',
        solution: 'write the name of a model',
      },
      {
        field: 'max_tokens',
        holds: (value) => Number.isInteger(value) && (value as number) > 0,
        solution: 'write a whole number above 0',
      },
      { field: 'messages', holds: Array.isArray, solution: 'write a list of messages' },
    ]);
    const problems = [
      ...(hasVersion ? [] : ['anthropic-version: is missing; send this header']),
      ...(problem === undefined ? [] : [problem]),
    ];
    if (problems.length > 0) return { status: 400, body: refusal(400, problems.join('\n')) };
    return { headers: eventStream, encode: eventsOf(request, script) };
  },
};

const emptyBlock = {
  reasoning: { type: 'thinking', thinking: '', signature: '' },
  answer: { type: 'text', text: '' },
} as const;
const deltaOf = (channel: Channel, text: string) =>
  channel === 'answer' ? { type: 'text_delta', text } : { type: 'thinking_delta', thinking: text };

function eventsOf({ body, number }: ApiRequest, script: Script): (step: Step) => string {
  const event = (type: string, fields: object = {}) => frame({ type, ...fields }, type);
  const hasUsage = script.usage !== 'no';
  const usage = (output: number) => ({ input_tokens: promptTokens, output_tokens: output });
  let index = 0;

  function open(channel: Channel) {
    const start = { index, content_block: emptyBlock[channel] };
    return event('content_block_start', start) + (index === 0 ? event('ping') : '');
  }
  function close(channel: Channel) {
    const signature = { index, delta: { type: 'signature_delta', signature: 'mock' } };
    const signed = channel === 'reasoning' ? event('content_block_delta', signature) : '';
    return signed + event('content_block_stop', { index: index++ });
  }
  function end() {
    // With thinking, the number of output tokens includes it. It counts from the begin.
    const total = hasUsage ? { usage: { output_tokens: script.reasoning + script.tokens } } : {};
    const delta = { delta: { stop_reason: 'end_turn', stop_sequence: null }, ...total };
    return event('message_delta', delta) + (script.hasEnd ? event('message_stop') : '');
  }

  return (step) => {
    switch (step.kind) {
      case 'start':
        return event('message_start', {
          message: {
            id: `msg_${number}`,
            type: 'message',
            role: 'assistant',
            content: [],
            model: body.model,
            stop_reason: null,
            stop_sequence: null,
            ...(hasUsage && { usage: usage(1) }),
          },
        });
      case 'open':
        return open(step.channel);
      case 'chunk':
        return event('content_block_delta', { index, delta: deltaOf(step.channel, step.text) });
      case 'close':
        return close(step.channel);
      case 'error':
        return event('error', {
          error: { type: 'overloaded_error', message: 'The mock fails here.' },
        });
      case 'end':
        return end();
    }
  };
}
