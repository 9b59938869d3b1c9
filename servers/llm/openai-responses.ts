/**
 * The stream of OpenAI's Responses API. Sources: the API reference (“Streaming events”), and the
 * types of the official client, `openai` on npm. Each event has its name twice and a number. The
 * stream ends with `response.completed` or `response.failed`, without `[DONE]`.
 */
import type { Script } from './script.ts';
import { textOf, type Channel, type Step } from './steps.ts';
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

export const openaiResponses: WireFormat = {
  api: 'openai-responses',
  path: '/v1/responses',
  special: ['reasoning', 'usage'],
  ...bearer,
  refusal: openaiRefusal,
  answer(request, script) {
    const problem = whyWrongBody(request.body, [
      isStreaming,
      {
        field: 'input',
        holds: (value) => typeof value === 'string' || Array.isArray(value),
        solution: 'write a text or a list of items',
      },
    ]);
    if (problem !== undefined) return { status: 400, body: openaiRefusal(400, problem) };
    return { headers: eventStream, encode: eventsOf(request, script) };
  },
};

/** A part of an item: a summary of the reasoning, or a text of the answer. */
const emptyPart = {
  reasoning: { type: 'summary_text', text: '' },
  answer: { type: 'output_text', annotations: [], logprobs: [], text: '' },
} as const;
/** The events of a part, and the name of its index. */
const names = {
  reasoning: {
    part: 'reasoning_summary_part',
    text: 'reasoning_summary_text',
    index: 'summary_index',
  },
  answer: { part: 'content_part', text: 'output_text', index: 'content_index' },
} as const;

function eventsOf({ body, number, nowS }: ApiRequest, script: Script): (step: Step) => string {
  let sequence = 0;
  const event = (type: string, fields: object) =>
    frame({ type, sequence_number: sequence++, ...fields }, type);
  const output: object[] = [];
  const response = (status: string, more = {}) => ({
    response: {
      id: `resp_${number}`,
      object: 'response',
      created_at: nowS,
      status,
      error: null,
      incomplete_details: null,
      model: body.model ?? 'mock',
      output,
      usage: null,
      ...more,
    },
  });
  const idOf = (channel: Channel) => `${channel === 'answer' ? 'msg' : 'rs'}_${number}`;
  const itemOf = (channel: Channel, status: string, parts: readonly object[]) =>
    channel === 'answer'
      ? { id: idOf(channel), type: 'message', status, role: 'assistant', content: parts }
      : { id: idOf(channel), type: 'reasoning', status, summary: parts };
  /** Where a part is: its item, and its index in it. */
  const place = (channel: Channel) => ({
    item_id: idOf(channel),
    output_index: output.length,
    [names[channel].index]: 0,
  });

  function open(channel: Channel) {
    const item = { output_index: output.length, item: itemOf(channel, 'in_progress', []) };
    const part = { ...place(channel), part: emptyPart[channel] };
    return (
      event('response.output_item.added', item) +
      event(`response.${names[channel].part}.added`, part)
    );
  }
  function close(channel: Channel) {
    const text = textOf(channel === 'answer' ? script.tokens : script.reasoning);
    const part = { ...emptyPart[channel], text };
    const item = itemOf(channel, 'completed', [part]);
    const logprobs = channel === 'answer' ? { logprobs: [] } : {};
    const done =
      event(`response.${names[channel].text}.done`, { ...place(channel), text, ...logprobs }) +
      event(`response.${names[channel].part}.done`, { ...place(channel), part }) +
      event('response.output_item.done', { output_index: output.length, item });
    output.push(item);
    return done;
  }

  return (step) => {
    switch (step.kind) {
      case 'start':
        return (
          event('response.created', response('in_progress')) +
          event('response.in_progress', response('in_progress'))
        );
      case 'open':
        return open(step.channel);
      case 'chunk': {
        const logprobs = step.channel === 'answer' ? { logprobs: [] } : {};
        const delta = { ...place(step.channel), delta: step.text, ...logprobs };
        return event(`response.${names[step.channel].text}.delta`, delta);
      }
      case 'close':
        return close(step.channel);
      case 'error': {
        const error = { code: 'server_error', message: 'The mock fails here.' };
        return event('response.failed', response('failed', { error }));
      }
      case 'end': {
        const usage = script.usage === 'no' ? null : usageOf(script);
        return script.hasEnd ? event('response.completed', response('completed', { usage })) : '';
      }
    }
  };
}

/** `output_tokens` includes the reasoning. */
function usageOf({ tokens, reasoning }: Script) {
  return {
    input_tokens: promptTokens,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: reasoning + tokens,
    output_tokens_details: { reasoning_tokens: reasoning },
    total_tokens: promptTokens + reasoning + tokens,
  };
}
