import { expect, test } from 'vitest';
import { answerBytes } from '../../bench/tests/fixtures/helpers/answer-bytes.ts';
import { anthropic } from './anthropic.ts';

const body = { model: 'm', max_tokens: 9, stream: true, messages: [] };
const version = { 'anthropic-version': '2023-06-01' };
const answer = (query: string, more = {}) =>
  answerBytes(anthropic, query, { ...body, ...more }, version);

const event = (type: string, fields = '') =>
  `event: ${type}\ndata: {"type":"${type}"${fields === '' ? '' : `,${fields}`}}\n\n`;
const start = (usage = ',"usage":{"input_tokens":10,"output_tokens":1}') =>
  event(
    'message_start',
    `"message":{"id":"msg_7","type":"message","role":"assistant","content":[],"model":"m","stop_reason":null,"stop_sequence":null${usage}}`,
  );
const open = (index: number, block: string) =>
  event('content_block_start', `"index":${index},"content_block":${block}`);
const delta = (index: number, fields: string) =>
  event('content_block_delta', `"index":${index},"delta":{${fields}}`);
const text = (index: number, token: string) =>
  delta(index, `"type":"text_delta","text":"${token}"`);
const close = (index: number) => event('content_block_stop', `"index":${index}`);
const emptyText = '{"type":"text","text":""}';
const end = (usage = '') =>
  event('message_delta', `"delta":{"stop_reason":"end_turn","stop_sequence":null}${usage}`);
const stop = event('message_stop');
const total = (tokens: number) => `,"usage":{"output_tokens":${tokens}}`;

test('an answer is one block, with a ping and the usage', () =>
  expect(answer('tokens=2')).toBe(
    start() +
      open(0, emptyText) +
      event('ping') +
      text(0, '0 ') +
      text(0, '1 ') +
      close(0) +
      end(total(2)) +
      stop,
  ));

test('thinking is the first block, which ends with a signature', () =>
  expect(answer('tokens=2&reasoning=2&chunk=2')).toBe(
    start() +
      open(0, '{"type":"thinking","thinking":"","signature":""}') +
      event('ping') +
      delta(0, '"type":"thinking_delta","thinking":"0 1 "') +
      delta(0, '"type":"signature_delta","signature":"mock"') +
      close(0) +
      open(1, emptyText) +
      text(1, '0 1 ') +
      close(1) +
      end(total(4)) +
      stop,
  ));

test('the usage can be absent, and so can the end marker', () => {
  const block = open(0, emptyText) + event('ping') + text(0, '0 ') + close(0);
  expect(answer('tokens=1&usage=no')).toBe(start('') + block + end() + stop);
  expect(answer('tokens=1&end=none')).toBe(start() + block + end(total(1)));
});

test('an error ends the answer', () =>
  expect(answer('tokens=3&error=1')).toBe(
    start() +
      open(0, emptyText) +
      event('ping') +
      text(0, '0 ') +
      event('error', '"error":{"type":"overloaded_error","message":"The mock fails here."}'),
  ));

test('a request without a required header or field is refused', () =>
  expect(answerBytes(anthropic, '', { stream: true, max_tokens: 0, messages: [] })).toBe(
    '400 {"type":"error","error":{"type":"invalid_request_error","message":"anthropic-version: is missing; send this header\\nmodel: is missing; write the name of a model\\nmax_tokens: is 0; write a whole number above 0"}}',
  ));

test('the types of its errors', () =>
  expect([400, 401, 405, 413].map((status) => anthropic.refusal(status, 'no'))).toMatchObject([
    { error: { type: 'invalid_request_error', message: 'no' } },
    { error: { type: 'authentication_error' } },
    { error: { type: 'invalid_request_error' } },
    { error: { type: 'request_too_large' } },
  ]));
