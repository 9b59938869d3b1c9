import { describe, expect, test } from 'vitest';
import { readsOf } from '../tests/fixtures/helpers/observations.ts';
import { randomFrom } from '../statistics/random.ts';
import { parseEventStream } from '../tests/fixtures/helpers/reference-parser.ts';
import { framesOf, type DeviationKind } from './frames.ts';

type Part = string | Uint8Array;

const bodyOf = (...parts: readonly Part[]) => [
  { atMs: 0, bytes: Buffer.concat(parts.map((part) => Buffer.from(part))) },
];
const deviationsIn = (reads: ReturnType<typeof readsOf>, hasEnded = false) =>
  framesOf(reads, hasEnded).deviations.map(({ kind, offset, bytes }) => [kind, offset, bytes]);

describe('deviations', () => {
  test.each<[what: string, body: Part[], DeviationKind, number, string]>([
    ['a byte order mark', ['\ufeffdata: 1\n\n'], 'bomAtStart', 0, '"\\xEF\\xBB\\xBF"'],
    ['one within', ['data: 1\n\n\ufeffdata: 2\n\n'], 'bomWithin', 9, '"\\xEF\\xBB\\xBFdata: 2"'],
    ['a bare CR', ['data: 1\rdata: 2\n\n'], 'bareCr', 0, '"data: 1\\r"'],
    ['another case', ['Data: 1\n\n'], 'misspeltField', 0, '"Data: 1"'],
    ['a blank before', [' data: 1\n\n'], 'misspeltField', 0, '" data: 1"'],
    ['data without its colon', ['data {}\n\n'], 'misspeltField', 0, '"data {}"'],
    ['an unknown field', ['data: 1\nfoo: 2\n\n'], 'unknownField', 8, '"foo: 2"'],
    ['a field without colon', ['data\n\n'], 'fieldWithoutColon', 0, '"data"'],
    ['an id with NUL', ['id: \0\ndata: 1\n\n'], 'idWithNul', 0, '"id: \\0"'],
    ['a retry with a unit', ['retry: 3s\n\n'], 'badRetry', 0, '"retry: 3s"'],
    ['invalid UTF-8', ['data: ', Uint8Array.of(0xff), '\n\n'], 'badUtf8', 0, '"data: \\xFF"'],
    ['a type without data', ['event: ping\n\n'], 'eventWithoutData', 0, '"event: ping\\n"'],
    ['a field of its own', ['event_id: 7\n\n'], 'unknownField', 0, '"event_id: 7"'],
    ['two ids', ['id: 1\ndata: 1\nid: 2\n\n'], 'missingBlankLine', 14, '"id: x"'],
    ['two types', ['event: a\ndata: 1\nevent: b\n\n'], 'missingBlankLine', 17, '"event: b"'],
  ])('finds %s', (_what, body, kind, offset, bytes) => {
    expect(deviationsIn(bodyOf(...body))).toEqual([[kind, offset, bytes]]);
  });

  test.each([
    ['a correct stream', 'retry: 10\n\nid: 1\nevent: a\ndata: 1\ndata: 2\n\n: ping\n\n'],
    ['CR LF', 'id: 1\r\ndata: 1\r\n\r\n'],
    ['no blank after the colon', 'data:1\n\n'],
    ['an id alone', 'id: 1\n\n'],
    ['a character outside ASCII', 'data: é\n\n'],
    ['a CR that may be the first half of CR LF', 'data: 1\r\n\r'],
    ['an unfinished event of an open stream', 'data: 1\n\ndata: 2\n'],
    ['an event of several lines in any order', 'data: 1\nid: 1\nevent: a\n\n'],
    ['nothing', ''],
  ])('accepts %s', (_what, body) => expect(deviationsIn(bodyOf(body))).toEqual([]));

  test('quotes the first of each kind, and counts all', () => {
    const { deviations, deviationCounts } = framesOf(bodyOf('foo: 1\n'.repeat(1_000)), false);
    expect(deviations.map(({ offset }) => offset)).toEqual([0, 7, 14]);
    expect(deviationCounts).toEqual({ unknownField: 1_000 });
  });

  test('a CR at the end of a response ends a line', () => {
    const { events, deviationCounts } = framesOf(bodyOf('data: 1\r\r'), true);
    expect([events.length, deviationCounts]).toEqual([1, { bareCr: 2 }]);
  });

  test('an event without its blank line is lost if the response ends', () => {
    expect(deviationsIn(bodyOf('data: 1\n\ndata: 2\n'), true)).toEqual([
      ['unfinishedEvent', 9, '"data: 2\\n"'],
    ]);
    expect(deviationsIn(bodyOf('data: 1\n\ndata: 2'), true)).toHaveLength(1);
    expect(deviationsIn(bodyOf('data: 1\n\n: bye\n'), true)).toEqual([]);
  });

  test('data that arrives over a long time without a blank line is several events', () => {
    const lines = readsOf([0, 'data: 1\n'], [400, 'data: 2\n'], [800, 'data: 3\n']);
    expect(deviationsIn(lines)).toEqual([
      ['missingBlankLine', 0, '"data: 1\\ndata: x\\nxxxx: x\\n"'],
    ]);
  });

  test('shows no secret and no more than the beginning', () => {
    const bytesOf = (body: string) => framesOf(bodyOf(body), false).deviations[0]!.bytes;
    expect(bytesOf('token=abcdef0123456789\n')).not.toContain('abcdef');
    expect(bytesOf('{"session":"precious"}\n')).toBe('"{"session":"xxxxxxxx"}"');
    expect(bytesOf(`${'y'.repeat(100)}\n`)).toBe(`"${'y'.repeat(12)}${'x'.repeat(20)}"…`);
  });
});

test('an event arrives with the last byte of its blank line', () => {
  const { events } = framesOf(
    readsOf([10, 'id: 1\nda'], [20, 'ta: 1\n'], [30, '\ndata: 2\n\nid: 3\n'], [40, 'data: 3\n\n']),
    false,
  );
  expect(events).toEqual([
    { atMs: 30, id: '1' },
    { atMs: 30, id: null },
    { atMs: 40, id: '3' },
  ]);
});

test('finds the same events as a plain parser in random bodies', () => {
  const parts = [
    'data: a',
    'data',
    'id: 1',
    'id: 2',
    'event: x',
    'retry: 5',
    ': c',
    'foo: b',
    'da',
  ];
  const ends = ['\n', '\n\n', '\r\n', '\r'];
  const random = randomFrom(7);
  const pick = (from: readonly string[]) => from[Math.floor(random() * from.length)]!;
  for (let run = 0; run < 300; run++) {
    const pieces = Array.from({ length: 30 }, () => pick(parts) + pick(ends));
    // A CR as the last byte may be a half of CR LF, which the plain parser does not consider.
    const body = Buffer.from(`${pieces.join('')}x`);
    const { events, commentsAtMs, retriesMs } = framesOf([{ atMs: 0, bytes: body }], false);
    const expected = parseEventStream(body);
    expect([events.length, commentsAtMs.length, retriesMs]).toEqual([
      expected.events.length,
      expected.comments,
      expected.retries,
    ]);
  }
});

test('knows the places between events', () => {
  const { ends } = framesOf(readsOf([0, ': a\n\ndata: 1\n\ndata: 2']), false);
  expect([...ends]).toEqual([0, 4, 5, 14]);
  const before = framesOf(readsOf([0, 'retry: 5\n: a\nid: 1\n: b\ndata: 1\n']), false).ends;
  expect([...before]).toEqual([0, 9, 13, 19, 23]);
});

test('collects comments and retries', () => {
  const { commentsAtMs, retriesMs } = framesOf(
    readsOf([1, ': a\nretry: 5\n'], [2, ':\n\n']),
    false,
  );
  expect([commentsAtMs, retriesMs]).toEqual([[1, 2], [5]]);
});
