/** The options about answers: what they describe, and every complaint. */
import { describe, expect, test } from 'vitest';
import {
  answerFormatOf,
  answerOptions,
  checkAnswerOptions,
  streamExpectationsOf,
  type AnswerValues,
} from './answer-options.ts';
import { answerFormatSchema } from './apis/answer-format.ts';
import { apis, formatOf } from './apis/apis.ts';
import { whyNoJmespath } from './jmespath.ts';
import type { OptionWords } from './option.ts';
import { isMet, streamFigures, type StreamFigure } from './stream-expectation.ts';
import { readValues } from './values.ts';

/** The values of these options, and all complaints. */
function read(words: OptionWords): { values: AnswerValues; complaints: string[] } {
  const complaints: string[] = [];
  const complain = (complaint: string) => void complaints.push(complaint);
  const values = readValues(answerOptions, words, complain);
  checkAnswerOptions(values, complain);
  return { values, complaints };
}
const complaintsOf = (words: OptionWords) => read(words).complaints;
const formatIn = (words: OptionWords) => answerFormatOf(read(words).values);

describe('the table of APIs', () => {
  test.each(apis)('$name: every path compiles, and the format can be saved', (api) => {
    const { text, reasoning, toolCall, end, error, tokens } = api;
    const paths = [
      text,
      reasoning,
      toolCall,
      error.path,
      tokens,
      end?.by === 'path' ? end.path : null,
    ];
    expect(paths.map((path) => path && whyNoJmespath(path, '')).filter(Boolean)).toEqual([]);
    const format = formatOf(api);
    expect(answerFormatSchema.parse(JSON.parse(JSON.stringify(format)))).toEqual(format);
    expect(formatIn({ api: [api.name] })).toEqual(format);
  });

  test('a body is JSON with templates, and the names of headers are in lower case', () => {
    for (const { body, headers } of apis) {
      expect(JSON.parse(body!.replaceAll(/\{\{\w+\}\}/g, '0'))).toBeTypeOf('object');
      expect(Object.keys(headers)).toEqual(Object.keys(headers).map((name) => name.toLowerCase()));
    }
  });
});

describe('the format', () => {
  test('without an API and a path, there is none', () => expect(formatIn({})).toBeNull());

  test('defined by the user has events and keys named error as errors', () =>
    expect(formatIn({ content: ['delta.text'] })).toEqual({
      api: null,
      content: 'delta.text',
      reasoning: null,
      end: null,
      error: { path: 'error', event: 'error' },
      tokens: null,
      sequence: null,
    }));

  test('for plain text searches no JSON', () =>
    expect(formatIn({ content: ['@'] })).toMatchObject({ error: { path: null, event: 'error' } }));

  test.each([
    ['[DONE]', { by: 'data', text: '[DONE]' }],
    ['data: bye', { by: 'data', text: 'bye' }],
    ['data:[a.b]', { by: 'data', text: '[a.b]' }],
    ['event:done', { by: 'event', name: 'done' }],
    ['done', { by: 'path', path: 'done' }],
    ["type == 'done'", { by: 'path', path: "type == 'done'" }],
  ])('--end %s', (text, end) =>
    expect(formatIn({ content: ['text'], end: [text] })).toMatchObject({ end }),
  );

  test.each([
    ['event:problem', { path: null, event: 'problem' }],
    ['problem.text', { path: 'problem.text', event: null }],
  ])('--error %s', (text, error) =>
    expect(formatIn({ content: ['text'], error: [text] })).toMatchObject({ error }),
  );

  test('paths given explicitly override those of an API', () => {
    const [chat] = apis;
    expect(
      formatIn({ api: ['openai-chat'], content: ['a'], end: ['event:b'], error: ['c'] }),
    ).toEqual({
      ...formatOf(chat!),
      content: 'a',
      end: { by: 'event', name: 'b' },
      error: { path: 'c', event: null },
    });
  });
});

describe('complaints', () => {
  test.each<[OptionWords, string]>([
    [{ api: ['openai-chta'] }, '--api openai-chta: unknown API; did you mean openai-chat?'],
    [
      { api: ['x'] },
      '--api x: unknown API; choose from openai-chat, openai-responses, anthropic, ai-sdk, ag-ui, mcp',
    ],
    [{ api: [true] }, '--api: must be the name of an API, such as --api openai-chat'],
    [
      { content: ['a..b'] },
      '--content a..b: not a JMESPath: unexpected "." at character 3; give a path such as delta.text',
    ],
    [
      { content: ['text'], end: ['a['] },
      "--end a[: not a JMESPath: it ends too early, after character 2; give a path such as type == 'done'",
    ],
    [
      { content: ['text'], end: ['event:'] },
      '--end event:: has nothing after the colon; give a name, such as event:done',
    ],
    [
      { content: ['text'], error: ['a b'] },
      '--error a b: not a JMESPath: unexpected "b" at character 3; give a path such as error',
    ],
    [
      { end: ['[DONE]'] },
      '--end [DONE]: has no effect without --content or --api; give the path of the text, such as --content delta.text',
    ],
    [
      { error: ['event:error'] },
      '--error event:error: has no effect without --content or --api; give the path of the text, such as --content delta.text',
    ],
  ])('%j', (words, complaint) => expect(complaintsOf(words)).toEqual([complaint]));

  test('all come at once', () =>
    expect(
      complaintsOf({ api: ['x'], content: ['a..b'], end: ['a['], error: [true] }),
    ).toHaveLength(4));

  test('show no secret', () =>
    expect(complaintsOf({ end: ['data:token=s3cretvalue'] }).join()).not.toContain('s3cretvalue'));
});

describe('--expect-stream', () => {
  test('every mention counts, and one may have several limits', () =>
    expect(
      streamExpectationsOf(
        read({ expectStream: ['first-token < 500ms', 'total <= 5s,gap<0.25s', 'tpot < 900us'] })
          .values,
      ),
    ).toEqual([
      { figure: 'first-token', operator: '<', limitMs: 500 },
      { figure: 'total', operator: '<=', limitMs: 5_000 },
      { figure: 'gap', operator: '<', limitMs: 250 },
      { figure: 'tpot', operator: '<', limitMs: 0.9 },
    ]));

  test.each<StreamFigure>([...streamFigures])('%s can have a limit', (figure) =>
    expect(streamExpectationsOf(read({ expectStream: [`${figure} < 1ms`] }).values)).toEqual([
      { figure, operator: '<', limitMs: 1 },
    ]),
  );

  test.each([
    ['<', 9, true],
    ['<', 10, false],
    ['<=', 10, true],
    ['>', 10, false],
    ['>=', 10, true],
    ['=', 10, true],
    ['=', 9, false],
  ] as const)('first-token %s 10ms is met by %d ms: %s', (operator, ms, met) =>
    expect(isMet({ figure: 'first-token', operator, limitMs: 10 }, ms)).toBe(met),
  );

  test.each([
    [
      'first-token.p99 < 1s',
      'each answer has one first-token, so leave out .p99; a percentile of all answers is for --expect',
    ],
    ['frist-token < 1s', 'unknown figure; did you mean first-token?'],
    ['delivery < 1s', 'unknown figure; choose from first-token, first-answer, total, tpot, gap'],
    ['total < 5', "must be in ns, µs, us, ms, s, since total is a time, such as 'total < 5ms'"],
    [
      'fast',
      "must be first-token, first-answer, total, tpot, gap, an operator (< <= > >= =) and a time, such as 'first-token < 500ms'",
    ],
  ])('%s is refused', (text, reason) =>
    expect(complaintsOf({ expectStream: [text] })).toEqual([`--expect-stream ${text}: ${reason}`]),
  );
});
