import { expect, test } from 'vitest';
import { answerBytes } from '../../bench/tests/fixtures/helpers/answer-bytes.ts';
import { openaiResponses } from './openai-responses.ts';

const body = { model: 'm', stream: true, input: 'Hello' };
const answer = (query: string, more = {}) =>
  answerBytes(openaiResponses, query, { ...body, ...more });

const event = (number: number, type: string, fields: string) =>
  `event: response.${type}\ndata: {"type":"response.${type}","sequence_number":${number},${fields}}\n\n`;
const response = (status: string, output = '', usage = 'null', error = 'null') =>
  `"response":{"id":"resp_7","object":"response","created_at":1000,"status":"${status}","error":${error},"incomplete_details":null,"model":"m","output":[${output}],"usage":${usage}}`;
const begin =
  event(0, 'created', response('in_progress')) + event(1, 'in_progress', response('in_progress'));

const part = (text: string) =>
  `{"type":"output_text","annotations":[],"logprobs":[],"text":"${text}"}`;
const message = (status: string, content: string) =>
  `{"id":"msg_7","type":"message","status":"${status}","role":"assistant","content":[${content}]}`;
const place = (index: number) => `"item_id":"msg_7","output_index":${index},"content_index":0`;
/** The events of a message with two tokens. */
const messageEvents = (from: number, index: number) =>
  event(from, 'output_item.added', `"output_index":${index},"item":${message('in_progress', '')}`) +
  event(from + 1, 'content_part.added', `${place(index)},"part":${part('')}`) +
  event(from + 2, 'output_text.delta', `${place(index)},"delta":"0 ","logprobs":[]`) +
  event(from + 3, 'output_text.delta', `${place(index)},"delta":"1 ","logprobs":[]`) +
  event(from + 4, 'output_text.done', `${place(index)},"text":"0 1 ","logprobs":[]`) +
  event(from + 5, 'content_part.done', `${place(index)},"part":${part('0 1 ')}`) +
  event(
    from + 6,
    'output_item.done',
    `"output_index":${index},"item":${message('completed', part('0 1 '))}`,
  );
const usage = (output: number, reasoning: number) =>
  `{"input_tokens":10,"input_tokens_details":{"cached_tokens":0},"output_tokens":${output},"output_tokens_details":{"reasoning_tokens":${reasoning}},"total_tokens":${10 + output}}`;
const done = message('completed', part('0 1 '));

test('an answer ends with the whole response and its usage', () =>
  expect(answer('tokens=2')).toBe(
    begin + messageEvents(2, 0) + event(9, 'completed', response('completed', done, usage(2, 0))),
  ));

test('the reasoning is an item of its own, with a summary', () => {
  const summary = (text: string) => `{"type":"summary_text","text":"${text}"}`;
  const item = (status: string, parts: string) =>
    `{"id":"rs_7","type":"reasoning","status":"${status}","summary":[${parts}]}`;
  const at = '"item_id":"rs_7","output_index":0,"summary_index":0';
  const finished = item('completed', summary('0 1 2 '));
  expect(answer('tokens=2&reasoning=3&chunk=3').replace('"delta":"0 1 "', '"delta":"0 "')).toBe(
    begin +
      event(2, 'output_item.added', `"output_index":0,"item":${item('in_progress', '')}`) +
      event(3, 'reasoning_summary_part.added', `${at},"part":${summary('')}`) +
      event(4, 'reasoning_summary_text.delta', `${at},"delta":"0 1 2 "`) +
      event(5, 'reasoning_summary_text.done', `${at},"text":"0 1 2 "`) +
      event(6, 'reasoning_summary_part.done', `${at},"part":${summary('0 1 2 ')}`) +
      event(7, 'output_item.done', `"output_index":0,"item":${finished}`) +
      messageEvents(8, 1)
        .replace(/event: response.output_text.delta\ndata: .*"1 ".*\n\n/, '')
        .replaceAll(/(?<="sequence_number":)1[2-4]/g, (number) => String(Number(number) - 1)) +
      event(14, 'completed', response('completed', `${finished},${done}`, usage(5, 3))),
  );
});

test('the usage can be absent, and so can the last event', () => {
  expect(answer('tokens=2&usage=no')).toBe(
    begin + messageEvents(2, 0) + event(9, 'completed', response('completed', done)),
  );
  expect(answer('tokens=2&end=none')).toBe(begin + messageEvents(2, 0));
});

test('an error is a failed response', () => {
  const error = '{"code":"server_error","message":"The mock fails here."}';
  expect(answer('error=0')).toBe(begin + event(2, 'failed', response('failed', '', 'null', error)));
});

test('a body without a stream or an input is refused', () =>
  expect(answer('', { stream: false, input: 5 })).toBe(
    '400 {"error":{"message":"stream: is false; write true; the mock only streams\\ninput: is 5; write a text or a list of items","type":"invalid_request_error","param":null,"code":null}}',
  ));
