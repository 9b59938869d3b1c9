import { expect, test } from 'vitest';
import { answerBytes } from '../../bench/tests/fixtures/helpers/answer-bytes.ts';
import { openaiChat } from './openai-chat.ts';

const body = { model: 'm', stream: true, messages: [{ role: 'user', content: 'Hello' }] };
const answer = (query: string, more = {}) => answerBytes(openaiChat, query, { ...body, ...more });

const head = '"id":"chatcmpl-7","object":"chat.completion.chunk","created":1000,"model":"m"';
const chunk = (delta: string, reason = 'null', more = '') =>
  `data: {${head},"choices":[{"index":0,"delta":${delta},"logprobs":null,"finish_reason":${reason}}]${more}}\n\n`;
const role = chunk('{"role":"assistant","content":""}');
const end = chunk('{}', '"stop"');
const done = 'data: [DONE]\n\n';

test('an answer begins with the role, and ends with [DONE]', () =>
  expect(answer('tokens=2')).toBe(
    role + chunk('{"content":"0 "}') + chunk('{"content":"1 "}') + end + done,
  ));

test('reasoning has its own field, and several tokens share a chunk', () =>
  expect(answer('tokens=3&reasoning=2&chunk=2')).toBe(
    role +
      chunk('{"reasoning_content":"0 1 "}') +
      chunk('{"content":"0 1 "}') +
      chunk('{"content":"2 "}') +
      end +
      done,
  ));

test('the content of the role-only chunk can be null, and the chunk can be absent', () => {
  expect(answer('tokens=1&role=null')).toBe(
    chunk('{"role":"assistant","content":null}') + chunk('{"content":"0 "}') + end + done,
  );
  expect(answer('tokens=2&role=none')).toBe(
    chunk('{"role":"assistant","content":"0 "}') + chunk('{"content":"1 "}') + end + done,
  );
});

test('usage is the last chunk, without choices, if the request or the script wants it', () => {
  const nothing = ',"usage":null';
  const withUsage =
    chunk('{"role":"assistant","content":""}', 'null', nothing) +
    chunk('{"reasoning_content":"0 "}', 'null', nothing) +
    chunk('{"content":"0 "}', 'null', nothing) +
    chunk('{"content":"1 "}', 'null', nothing) +
    chunk('{}', '"stop"', nothing) +
    `data: {${head},"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":3,"total_tokens":13,"completion_tokens_details":{"reasoning_tokens":1}}}\n\n${done}`;
  const wants = { stream_options: { include_usage: true } };
  expect(answer('tokens=2&reasoning=1', wants)).toBe(withUsage);
  expect(answer('tokens=2&reasoning=1&usage=yes')).toBe(withUsage);
  expect(answer('tokens=0&usage=no', wants)).toBe(role + end + done);
});

test('an error ends the answer', () =>
  expect(answer('error=1')).toBe(
    `${role}${chunk('{"content":"0 "}')}data: {"error":{"message":"The mock fails here.","type":"server_error","param":null,"code":null}}\n\n`,
  ));

test('end=none leaves only the end marker out', () =>
  expect(answer('tokens=1&end=none')).toBe(role + chunk('{"content":"0 "}') + end));

test.each([
  [{ stream: false }, 'stream: is false; write true; the mock only streams'],
  [{ stream: undefined }, 'stream: is missing; write true; the mock only streams'],
  [{ messages: 'Hello' }, 'messages: is \\"Hello\\"; write a list of messages'],
])('a body with %j is refused', (wrong, message) =>
  expect(answer('', wrong)).toBe(
    `400 {"error":{"message":"${message}","type":"invalid_request_error","param":null,"code":null}}`,
  ),
);
