/** The reader of answers, with streams as the servers of each API send them. */
import { describe, expect, test } from 'vitest';
import type { AnswerFormat } from '../../scenario/apis/answer-format.ts';
import { apiOf, formatOf } from '../../scenario/apis/apis.ts';
import { parseEventStream } from '../../tests/fixtures/helpers/reference-parser.ts';
import { answerReader, type AnswerEvent } from './answer.ts';

const own: AnswerFormat = {
  api: null,
  content: 'text',
  reasoning: null,
  end: null,
  error: { path: null, event: null },
  tokens: null,
  sequence: null,
};

/** The parts of an event in words; `-` without any. */
const inWords = ({ content, isEnd, error, tokens, number }: AnswerEvent): string =>
  [
    number === undefined ? '' : `#${number}`,
    content ?? '',
    tokens === undefined ? '' : `${tokens} tokens`,
    error === undefined ? '' : `error ${error}`,
    isEnd ? 'end' : '',
  ]
    .filter((word) => word !== '')
    .join(', ') || '-';

function readAs(format: AnswerFormat, wire: string): string[] {
  const { events, fields } = parseEventStream(Buffer.from(wire));
  const read = answerReader(format);
  return events.map((data, place) => inWords(read(data, fields[place]![1], fields[place]![0])));
}

/** An event with JSON data; with a name if it has one. */
const event = (data: unknown, name?: string) =>
  `${name === undefined ? '' : `event: ${name}\n`}data: ${JSON.stringify(data)}\n\n`;
const named = (data: { type: string; [key: string]: unknown }) => event(data, data.type);
const readApi = (name: string, ...wire: string[]) => readAs(formatOf(apiOf(name)!), wire.join(''));

describe('openai-chat', () => {
  const chunk = (delta: object, more: object = {}) =>
    event({
      id: 'chatcmpl-1',
      object: 'chat.completion.chunk',
      created: 1_790_000_000,
      model: 'm',
      choices: [{ index: 0, delta, logprobs: null, finish_reason: null }],
      ...more,
    });
  const usage = { prompt_tokens: 9, completion_tokens: 12, total_tokens: 21 };
  const done = 'data: [DONE]\n\n';
  const chat = (...wire: string[]) => readApi('openai-chat', ...wire);

  test('a role, reasoning, an answer, the usage and the end', () =>
    expect(
      chat(
        chunk({ role: 'assistant', content: '', refusal: null }, { usage: null }),
        chunk({ content: null, reasoning_content: 'Hm' }),
        chunk({ reasoning: 'so' }),
        chunk({ content: 'one two three four five six seven eight nine ten' }),
        event({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }),
        event({ id: 'chatcmpl-1', choices: [], usage }),
        done,
      ),
    ).toEqual(['-', 'reasoning', 'reasoning', 'answer', '-', '12 tokens', 'end']));

  test.each([null, '', [], undefined])('a first chunk with the content %j has none', (content) =>
    expect(chat(chunk({ role: 'assistant', content }))).toEqual(['-']),
  );

  test('without usage, there are no tokens', () =>
    expect(chat(chunk({ content: 'a' }), done)).toEqual(['answer', 'end']));

  test('a usage in every chunk, and no list of choices', () =>
    expect(
      chat(
        chunk({ content: 'a' }, { usage: { completion_tokens: 1 } }),
        event({ choices: null, usage }),
      ),
    ).toEqual(['answer, 1 tokens', '12 tokens']));

  test('a tool call and a refusal are answers', () => {
    const call = (delta: object) => chunk({ tool_calls: [{ index: 0, ...delta }] });
    expect(
      chat(
        call({ id: 'call_1', type: 'function', function: { name: 'weather', arguments: '' } }),
        call({ function: { arguments: '' } }),
        call({ function: { arguments: '{"city":' } }),
        chunk({ refusal: 'No' }),
      ),
    ).toEqual(['answer', '-', 'answer', 'answer']);
  });

  test('an error in mid-stream, as an object, as a text, and by its name', () =>
    expect(
      chat(
        chunk({ content: 'a' }),
        event({ error: { message: 'Overloaded', type: 'server_error', code: 503 } }),
        event({ error: 'out of memory' }),
        'event: error\ndata: the model crashed\n\n',
      ),
    ).toEqual([
      'answer',
      'error server_error: 503: Overloaded',
      'error out of memory',
      'error the model crashed',
    ]));

  test('the text [DONE] in an answer does not end it', () =>
    expect(chat(chunk({ content: '[DONE]' }))).toEqual(['answer']));
});

describe('openai-responses', () => {
  const numbered = (type: string, sequence_number: number, more: object = {}) =>
    named({ type: `response.${type}`, sequence_number, ...more });
  const response = { id: 'resp_1', status: 'in_progress', error: null, output: [], usage: null };
  const responses = (...wire: string[]) => readApi('openai-responses', ...wire);

  test('events around the text, reasoning, an answer, and the end with its usage', () =>
    expect(
      responses(
        numbered('created', 0, { response }),
        numbered('in_progress', 1, { response }),
        numbered('output_item.added', 2, { item: { type: 'reasoning', summary: [] } }),
        numbered('reasoning_summary_text.delta', 3, { delta: 'Hm' }),
        numbered('reasoning_text.delta', 4, { delta: 'so' }),
        numbered('content_part.added', 5, { part: { type: 'output_text', text: '' } }),
        numbered('output_text.delta', 6, { delta: '', logprobs: [] }),
        numbered('output_text.delta', 7, { delta: 'Hi', logprobs: [] }),
        numbered('output_text.done', 8, { text: 'Hi' }),
        numbered('completed', 9, {
          response: { ...response, status: 'completed', usage: { output_tokens: 12 } },
        }),
      ),
    ).toEqual([
      '#0',
      '#1',
      '#2',
      '#3, reasoning',
      '#4, reasoning',
      '#5',
      '#6',
      '#7, answer',
      '#8',
      '#9, 12 tokens, end',
    ]));

  test('pieces of a tool call and a refusal are answers, and sound is not', () =>
    expect(
      responses(
        numbered('function_call_arguments.delta', 1, { delta: '{' }),
        numbered('custom_tool_call_input.delta', 2, { delta: 'ls' }),
        numbered('refusal.delta', 3, { delta: 'No' }),
        numbered('audio.delta', 4, { delta: 'UklGRg==' }),
      ),
    ).toEqual(['#1, answer', '#2, answer', '#3, answer', '#4']));

  test('an error event and a failed response are errors, and an incomplete response is not', () =>
    expect(
      responses(
        named({
          type: 'error',
          code: 'rate_limit',
          message: 'Slow down',
          param: null,
          sequence_number: 3,
        }),
        event({ type: 'error', error: { type: 'server_error', message: 'Sorry' } }),
        numbered('failed', 4, { response: { error: { code: 'oom', message: 'No memory' } } }),
        numbered('incomplete', 5, { response: { ...response, usage: { output_tokens: 5 } } }),
      ),
    ).toEqual([
      '#3, error rate_limit: Slow down',
      'error server_error: Sorry',
      '#4, error oom: No memory, end',
      '#5, 5 tokens, end',
    ]));
});

describe('anthropic', () => {
  const delta = (type: string, more: object) =>
    named({ type: 'content_block_delta', index: 0, delta: { type, ...more } });
  const block = (content_block: object) =>
    named({ type: 'content_block_start', index: 0, content_block });
  const anthropic = (...wire: string[]) => readApi('anthropic', ...wire);

  test('pings, thinking, an answer, cumulative usage and the end', () =>
    expect(
      anthropic(
        named({
          type: 'message_start',
          message: { content: [], usage: { input_tokens: 25, output_tokens: 1 } },
        }),
        block({ type: 'thinking', thinking: '', signature: '' }),
        named({ type: 'ping' }),
        delta('thinking_delta', { thinking: 'Hm' }),
        delta('signature_delta', { signature: 'EqQBCgIYAhIM' }),
        named({ type: 'content_block_stop' }),
        block({ type: 'text', text: '' }),
        delta('text_delta', { text: 'Hi' }),
        named({
          type: 'message_delta',
          delta: { stop_reason: 'end_turn' },
          usage: { output_tokens: 15 },
        }),
        named({ type: 'message_stop' }),
      ),
    ).toEqual(['-', '-', '-', 'reasoning', '-', '-', '-', 'answer', '15 tokens', 'end']));

  test('a tool call is an answer, and its empty first piece is not', () =>
    expect(
      anthropic(
        block({ type: 'tool_use', id: 'toolu_1', name: 'weather', input: {} }),
        delta('input_json_delta', { partial_json: '' }),
        delta('input_json_delta', { partial_json: '{"city":' }),
      ),
    ).toEqual(['answer', '-', 'answer']));

  test('an error in mid-stream, also without the name of the event', () => {
    const error = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
    const read = 'error overloaded_error: Overloaded';
    expect(anthropic(named(error), event(error))).toEqual([read, read]);
  });
});

describe('ai-sdk', () => {
  const parts = (...all: object[]) => readApi('ai-sdk', ...all.map((part) => event(part)));

  test('steps, reasoning, an answer, the finish and the end marker', () => {
    const wire = [
      { type: 'start', messageId: 'm1' },
      { type: 'start-step' },
      { type: 'reasoning-delta', id: 'r1', delta: 'Hm' },
      { type: 'text-start', id: 't1' },
      { type: 'text-delta', id: 't1', delta: '' },
      { type: 'text-delta', id: 't1', delta: 'Hi' },
      { type: 'data-weather', data: { delta: 'sunny' } },
      { type: 'finish', messageMetadata: { usage: { outputTokens: 12 } } },
    ].map((part) => event(part));
    expect(readApi('ai-sdk', ...wire, 'data: [DONE]\n\n')).toEqual([
      '-',
      '-',
      'reasoning',
      '-',
      '-',
      'answer',
      '-',
      '12 tokens',
      'end',
    ]);
  });

  test('a tool call is an answer, and its output is not', () =>
    expect(
      parts(
        { type: 'tool-input-start', toolCallId: 'c1', toolName: 'weather' },
        { type: 'tool-input-delta', toolCallId: 'c1', inputTextDelta: '{' },
        { type: 'tool-output-available', toolCallId: 'c1', output: 'sunny' },
        { type: 'tool-output-error', toolCallId: 'c1', errorText: 'no such city' },
      ),
    ).toEqual(['answer', 'answer', '-', '-']));

  test('an error and an abort fail the answer', () =>
    expect(parts({ type: 'error', errorText: 'An error occurred.' }, { type: 'abort' })).toEqual([
      'error An error occurred.',
      'error abort',
    ]));
});

describe('ag-ui', () => {
  const run = { threadId: 't', runId: 'r' };
  const events = (...all: object[]) => readApi('ag-ui', ...all.map((each) => event(each)));

  test('a run with reasoning, state, an answer and its end', () =>
    expect(
      events(
        { type: 'RUN_STARTED', ...run },
        { type: 'REASONING_MESSAGE_CONTENT', messageId: 'm0', delta: 'Hm' },
        { type: 'THINKING_TEXT_MESSAGE_CONTENT', delta: 'so' },
        { type: 'STATE_DELTA', delta: [{ op: 'add', path: '/a', value: 'b' }] },
        { type: 'TEXT_MESSAGE_START', messageId: 'm1', role: 'assistant' },
        { type: 'TEXT_MESSAGE_CONTENT', messageId: 'm1', delta: 'Hi' },
        { type: 'TEXT_MESSAGE_CHUNK', messageId: 'm1', delta: ' you' },
        { type: 'TEXT_MESSAGE_CHUNK', messageId: 'm2', role: 'assistant' },
        { type: 'RUN_FINISHED', ...run, usage: [{ outputTokens: 5 }, { outputTokens: 7 }] },
      ),
    ).toEqual([
      '-',
      'reasoning',
      'reasoning',
      '-',
      '-',
      'answer',
      'answer',
      '-',
      '12 tokens, end',
    ]));

  test('a tool call is an answer, and its result is not', () =>
    expect(
      events(
        { type: 'TOOL_CALL_START', toolCallId: 'c1', toolCallName: 'weather' },
        { type: 'TOOL_CALL_ARGS', toolCallId: 'c1', delta: '{' },
        { type: 'TOOL_CALL_END', toolCallId: 'c1' },
        { type: 'TOOL_CALL_RESULT', toolCallId: 'c1', content: 'sunny' },
      ),
    ).toEqual(['answer', 'answer', '-', '-']));

  test('an error is no end, and a finish without usage has no tokens', () =>
    expect(
      events(
        { type: 'RUN_ERROR', message: 'Overloaded', code: 'busy' },
        { type: 'RUN_FINISHED', ...run },
      ),
    ).toEqual(['error RUN_ERROR: busy: Overloaded', 'end']));
});

describe('mcp', () => {
  const message = (more: object) => event({ jsonrpc: '2.0', ...more }, 'message');
  const progress = (more: object) =>
    message({ method: 'notifications/progress', params: { progressToken: '0', ...more } });
  const result = (more: object) => message({ id: 0, result: more });
  const text = (words: string) => [{ type: 'text', text: words }];
  const mcp = (...wire: string[]) => readApi('mcp', ...wire);

  test('an event to resume from, progress, logs, and the result, which ends the answer', () =>
    expect(
      mcp(
        'id: s1_0\nretry: 1000\ndata:\n\n',
        progress({ progress: 1, total: 2 }),
        progress({ progress: 1, message: 'Reading' }),
        message({ method: 'notifications/message', params: { level: 'info', data: { a: 1 } } }),
        message({ id: 's1', method: 'ping' }),
        result({ content: text('Sunny') }),
      ),
    ).toEqual(['-', '-', 'reasoning', 'reasoning', '-', 'answer, end']));

  test('a result without text is an answer', () =>
    expect(mcp(result({ content: [{ type: 'image', data: 'iVBORw==' }] }))).toEqual([
      'answer, end',
    ]));

  test('an error of the protocol and one of the tool', () =>
    expect(
      mcp(
        message({ id: 0, error: { code: -32_602, message: 'Unknown tool' } }),
        result({ isError: true, content: text('No such city') }),
      ),
    ).toEqual(['error -32602: Unknown tool, end', 'answer, error No such city, end']));
});

describe('a format of one’s own', () => {
  test('plain text, its end and an error by name', () =>
    expect(
      readAs(
        {
          ...own,
          content: '@',
          end: { by: 'event', name: 'done' },
          error: { path: null, event: 'error' },
        },
        'data: Hi\n\ndata: 5\n\nevent: error\ndata: crashed\n\nevent: done\ndata: bye\n\n',
      ),
    ).toEqual(['answer', 'answer', 'error crashed', 'end']));

  test('data that is not JSON has no content', () =>
    expect(readAs(own, 'data: Hi\n\ndata: {"text":"Hi"}\n\ndata: {"text":\n\n')).toEqual([
      '-',
      'answer',
      '-',
    ]));

  test.each([{}, { text: null }, { text: '' }, { text: [] }, { text: ['a'] }, { text: 1 }])(
    '%j has no content',
    (data) => expect(readAs(own, event(data))).toEqual(['-']),
  );

  test.each([
    [true, 'end'],
    ['stop', 'end'],
    [false, '-'],
    [null, '-'],
    ['', '-'],
    [[], '-'],
  ])('the value %j at the path of the end: %s', (done, words) =>
    expect(readAs({ ...own, end: { by: 'path', path: 'done' } }, event({ done }))).toEqual([words]),
  );

  test('the number of an event is its id, and a number of 0 tokens is none', () =>
    expect(
      readAs(
        { ...own, sequence: 'id', tokens: 'n' },
        'id: 7\ndata: {"n":0}\n\nid: x\ndata: {"n":3}\n\n',
      ),
    ).toEqual(['#7', '3 tokens']));

  test('a long error is cut', () => {
    const [words] = readAs(
      { ...own, error: { path: 'e', event: null } },
      event({ e: 'x'.repeat(5_000) }),
    );
    expect(words).toHaveLength('error '.length + 200);
  });
});
