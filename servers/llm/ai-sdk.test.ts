import { expect, test } from 'vitest';
import { answerBytes } from '../../bench/tests/fixtures/helpers/answer-bytes.ts';
import { aiSdk } from './ai-sdk.ts';

const answer = (query: string) => answerBytes(aiSdk, query, { messages: [] });

const part = (type: string, fields = '') => `data: {"type":"${type}"${fields}}\n\n`;
const start = part('start', ',"messageId":"msg-7"') + part('start-step');
const text = (type: string, delta = '') => part(`text-${type}`, `,"id":"text-7"${delta}`);
const thought = (type: string, delta = '') =>
  part(`reasoning-${type}`, `,"id":"reasoning-7"${delta}`);
const finish = (more = '') => part('finish-step') + part('finish', `,"finishReason":"stop"${more}`);
const done = 'data: [DONE]\n\n';

test('an answer is one text in one step', () =>
  expect(answer('tokens=2')).toBe(
    start +
      text('start') +
      text('delta', ',"delta":"0 "') +
      text('delta', ',"delta":"1 "') +
      text('end') +
      finish() +
      done,
  ));

test('reasoning comes before the text', () =>
  expect(answer('tokens=2&reasoning=2&chunk=2')).toBe(
    start +
      thought('start') +
      thought('delta', ',"delta":"0 1 "') +
      thought('end') +
      text('start') +
      text('delta', ',"delta":"0 1 "') +
      text('end') +
      finish() +
      done,
  ));

test('the usage is metadata of the message, only if the script wants it', () => {
  const usage = ',"messageMetadata":{"usage":{"inputTokens":10,"outputTokens":0,"totalTokens":10}}';
  expect(answer('tokens=0&usage=yes')).toBe(start + finish(usage) + done);
  expect(answer('tokens=0&usage=no')).toBe(start + finish() + done);
});

test('an error is followed by the end marker', () => {
  const error = part('error', ',"errorText":"The mock fails here."');
  expect(answer('error=1')).toBe(
    start + text('start') + text('delta', ',"delta":"0 "') + error + done,
  );
  expect(answer('error=0&end=none')).toBe(start + error);
});

test('end=none leaves only the end marker out', () =>
  expect(answer('tokens=0&end=none')).toBe(start + finish()));

test('a body without messages is refused', () =>
  expect(answerBytes(aiSdk, '', {})).toBe(
    '400 {"error":"messages: is missing; write a list of UI messages"}',
  ));
