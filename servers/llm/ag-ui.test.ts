import { expect, test } from 'vitest';
import { answerBytes } from '../../bench/tests/fixtures/helpers/answer-bytes.ts';
import { agUi } from './ag-ui.ts';

const body = { threadId: 't', runId: 'r', messages: [], tools: [], context: [] };
const answer = (query: string) => answerBytes(agUi, query, body);

const event = (type: string, fields: string) => `data: {"type":"${type}",${fields}}\n\n`;
const run = '"threadId":"t","runId":"r"';
const started = event('RUN_STARTED', `${run},"protocolVersion":"1.0"`);
const finished = (more = '') => event('RUN_FINISHED', `${run},"outcome":{"type":"success"}${more}`);
const text = (type: string, more = '') =>
  event(`TEXT_MESSAGE_${type}`, `"messageId":"msg-7"${more}`);
const thought = (type: string, more = '') =>
  event(`REASONING_${type}`, `"messageId":"reasoning-7"${more}`);
const opened = text('START', ',"role":"assistant"');

test('an answer is one message of a run', () =>
  expect(answer('tokens=2')).toBe(
    started +
      opened +
      text('CONTENT', ',"delta":"0 "') +
      text('CONTENT', ',"delta":"1 "') +
      text('END') +
      finished(),
  ));

test('reasoning is a message of its own', () =>
  expect(answer('tokens=2&reasoning=2&chunk=2')).toBe(
    started +
      thought('START') +
      thought('MESSAGE_START', ',"role":"reasoning"') +
      thought('MESSAGE_CONTENT', ',"delta":"0 1 "') +
      thought('MESSAGE_END') +
      thought('END') +
      opened +
      text('CONTENT', ',"delta":"0 1 "') +
      text('END') +
      finished(),
  ));

test('the run reports its usage only if the script wants it', () => {
  const usage =
    ',"usage":[{"inputTokens":10,"outputTokens":3,"totalTokens":13,"reasoningTokens":1}]';
  expect(answer('tokens=2&reasoning=1&usage=yes').endsWith(finished(usage))).toBe(true);
  expect(answer('tokens=0&usage=no')).toBe(started + finished());
});

test('an error ends the run, and end=none leaves its end out', () => {
  expect(answer('error=0')).toBe(
    started + event('RUN_ERROR', '"message":"The mock fails here.","code":"MOCK"'),
  );
  expect(answer('tokens=0&end=none')).toBe(started);
});

test('all fields of a run are required', () =>
  expect(answerBytes(agUi, '', { threadId: 5, runId: 'r', messages: [] })).toBe(
    '400 {"error":"threadId: is 5; write the id of a thread\\ntools: is missing; write a list of tools, [] for none\\ncontext: is missing; write a list of values, [] for none"}',
  ));
