/**
 * The event reader: known answers, a comparison with a plain parser on random bytes, and memory
 * limits.
 */
import { afterEach, describe, expect, test } from 'vitest';
import { cutAt } from '../tests/fixtures/helpers/cut-at.ts';
import { testRandomStreams } from '../tests/fixtures/helpers/random-streams.ts';
import { read, retriesDueAfter } from '../tests/fixtures/helpers/read-events.ts';
import { parseEventStream } from '../tests/fixtures/helpers/reference-parser.ts';
import { createEventReader, longestEventBytes, type EventReader } from './events.ts';

const everyPlace = (bytes: Uint8Array) =>
  Array.from({ length: bytes.length + 1 }, (_, place) => place);

type KnownAnswer = [
  name: string,
  wire: string | number[],
  events: string[],
  comments?: number,
  retries?: number[],
];

function testKnownAnswers(answers: readonly KnownAnswer[]) {
  test.each(answers)(
    '%s',
    (
      _,
      wire,
      events,
      comments = 0,
      retries = parseEventStream(Buffer.from(wire as string)).retries,
    ) => {
      const bytes = Buffer.from(wire as string);
      const { fields, ids } = parseEventStream(bytes);
      const answer = { events, fields, ids, comments, retries };
      const expectSame = (cuts: readonly number[], how: string) => {
        const pieces = cutAt(bytes, cuts);
        expect(read(pieces), `${how}`).toEqual({
          ...answer,
          retriesAfter: retriesDueAfter(bytes, pieces),
        });
      };
      expect(parseEventStream(bytes), 'the parser to hold against').toEqual(answer);
      expectSame([], 'whole');
      expectSame(everyPlace(bytes), 'byte by byte');
      for (const cut of everyPlace(bytes)) expectSame([cut], `cut at ${cut}`);
    },
  );
}

describe('reads the streams of the web-platform tests', () => {
  /**
   * The output of their message.py for its argument: two line ends unless `newline=none`, and one
   * more.
   */
  const message = (text: string) => `${text}\n\n\n`;
  const messageWithoutNewline = (text: string) => `${text}\n`;
  const long = 'x'.repeat(2048);

  testKnownAnswers([
    [
      'event-data',
      'data:msg\ndata: msg\n\n:\nfalsefield:msg\n\nfalsefield:msg\nData:data\n\ndata\n\ndata:end\n\n',
      ['msg\nmsg', '', 'end'],
      1,
    ],
    ['format-bom', message('\ufeffdata:1\n\n\ufeffdata:2\n\ndata:3'), ['1', '3']],
    ['format-bom-2', message('\ufeff\ufeffdata:1\n\ndata:2\n\ndata:3'), ['2', '3']],
    [
      'format-comments',
      messageWithoutNewline(
        `data:1\r:\0\n:\r\ndata:2\n:${long}\rdata:3\n:data:fail\r:${long}\ndata:4\n`,
      ),
      ['1\n2\n3\n4'],
      5,
    ],
    [
      'format-data-before-final-empty-line',
      messageWithoutNewline('retry:1000\ndata:test1\n\nid:test\ndata:test2'),
      ['test1'],
    ],
    ['format-field-data', message('data:\n\ndata\ndata\n\ndata:test'), ['', '\n', 'test']],
    ['format-field-event', message('event:test\ndata:x\n\ndata:x'), ['x', 'x']],
    ['format-field-event-empty', message('event: \ndata:data'), ['data']],
    ['format-field-id, at first', 'id: …\nretry: 200\ndata: hello\n\n', ['hello']],
    ['format-field-id, after reconnecting', 'data: …\n\n', ['…']],
    [
      'format-field-id-2',
      'id: …\nretry: 200\ndata: hello\n\ndata: …\n\ndata: …\n\n',
      ['hello', '…', '…'],
    ],
    ['format-field-id-3, persists', 'id: 1\ndata: 1\n\ndata:2\n\n', ['1', '2']],
    [
      'format-field-id-3, changes',
      'id: 1\ndata: 1\n\nid: 2\ndata:2\n\ndata:3\n\n',
      ['1', '2', '3'],
    ],
    ['format-field-id-3, resets', 'id: 1\ndata: 1\n\nid:\ndata:2\n\ndata:3\n\n', ['1', '2', '3']],
    [
      'format-field-id-3, resets without a colon',
      'id: 1\ndata: 1\n\nid\ndata:2\n\ndata:3\n\n',
      ['1', '2', '3'],
    ],
    ['format-field-id-null', 'id: \0\0\nretry: 200\ndata: hello\n\n', ['hello']],
    [
      'format-field-parsing',
      messageWithoutNewline(
        'data:\0\ndata:  2\rData:1\ndata\0:2\ndata:1\r\0data:4\nda-ta:3\rdata_5\ndata:3\rdata:\r\n data:32\ndata:4\n',
      ),
      ['\0\n 2\n1\n3\n\n4'],
    ],
    ['format-field-retry', message('retry:03000\ndata:x'), ['x']],
    ['format-field-retry-bogus', message('retry:3000\nretry:1000x\ndata:x'), ['x']],
    ['format-field-retry-empty', message('retry\ndata:test'), ['test']],
    [
      'format-field-unknown',
      message('data:test\n data\ndata\nfoobar:xxx\njustsometext\n:thisisacommentyay\ndata:test'),
      ['test\n\ntest'],
      1,
    ],
    ['format-leading-space', message('data:\ttest\rdata: \ndata:test'), ['\ttest\n\ntest']],
    [
      'format-newlines',
      messageWithoutNewline('data:test\r\ndata\ndata:test\r\n\r'),
      ['test\n\ntest'],
    ],
    ['format-null-character', message('data:\0\n\n'), ['\0']],
    ['format-utf-8', message('data:ok…'), ['ok…']],
    [
      'eventsource-from-readable-stream, data',
      'data: hello\ndata: world\n\ndata: first\n\ndata: second\n\n',
      ['hello\nworld', 'first', 'second'],
    ],
    [
      'eventsource-from-readable-stream, comment',
      ': this is a comment\ndata: hello\n\n',
      ['hello'],
      1,
    ],
    [
      'eventsource-from-readable-stream, fields',
      'event: custom\nid: 42\nretry: bogus\ndata: hello\n\n',
      ['hello'],
    ],
    [
      'eventsource-from-readable-stream, line ends',
      'data: cr\r\rdata: lf\n\ndata: crlf\r\n\r\n',
      ['cr', 'lf', 'crlf'],
    ],
    ['eventsource-from-readable-stream, BOM', '\ufeffdata: hello\n\n', ['hello']],
    ['eventsource-from-readable-stream, empty', '', []],
  ]);
});

describe('reads unusual streams', () => {
  const wire = (...parts: (string | number)[]) =>
    parts.flatMap((part) => (typeof part === 'string' ? [...Buffer.from(part)] : [part]));

  testKnownAnswers([
    ['the characters ï»¿ at the start', 'ï»¿data: 1\n\ndata: 2\n\n', ['2']],
    ['the characters ï»¿ after a byte order mark', '\ufeffï»¿data: 1\n\ndata: 2\n\n', ['2']],
    ['a byte order mark before a comment', '\ufeff: hello\n\n', [], 1],
    ['a byte order mark within data', 'data: \ufeff1\n\n', ['\ufeff1']],
    ['half a byte order mark', wire(0xef, 0xbb, 'data: 1\n\ndata: 2\n\n'), ['2']],
    ['a blank line before a byte order mark', '\n\ufeffdata: 1\n\ndata: 2\n\n', ['2']],
    [
      'bytes that are never UTF-8',
      wire('data: ', 0xc0, 0xff, 'a', 0x80, '\n\n'),
      ['\ufffd\ufffda\ufffd'],
    ],
    ['a surrogate', wire('data: ', 0xed, 0xa0, 0x80, '\n\n'), ['\ufffd\ufffd\ufffd']],
    [
      'a code point over the last',
      wire('data: ', 0xf4, 0x90, 0x80, 0x80, '\n\n'),
      ['\ufffd\ufffd\ufffd\ufffd'],
    ],
    ['half a character before a line end', wire('data: ', 0xf0, 0x9f, 0x98, '\n\n'), ['\ufffd']],
    ['half a character before another', wire('data: ', 0xe2, 0x82, 'ü\n\n'), ['\ufffdü']],
    ['a CR at the very end', 'data: 1\r\r', ['1']],
    ['a line without an end', 'data: 1\n\ndata: 2', ['1']],
    ['a comment without an end', ': 1\n: 2', [], 1],
    ['comments within an event', 'data: 1\n: 1\n:\r:2\r\ndata: 2\n\n', ['1\n2'], 3],
    ['a space before a colon', 'data : 1\n : 2\n\ndata: 3\n\n', ['3']],
  ]);
});

describe('applies `retry` when its line ends', () => {
  testKnownAnswers([
    ['before the event ends', 'data: 1\nretry: 10\ndata: 2\n\n', ['1\n2'], 0, [10]],
    ['though the event never ends', 'data: 1\n\nretry: 10\ndata: 2\n', ['1'], 0, [10]],
    ['not before the line ends', 'data: 1\nretry: 10', [], 0, []],
    ['at CR', 'data: 1\rretry: 10\r', [], 0, [10]],
    ['at CRLF', 'data: 1\r\nretry: 10\r\nretry: 20\r\n\r\n', ['1'], 0, [10, 20]],
    ['each of several', 'retry: 10\nretry: 20\nretry: 10\n\nretry: 10\n', [], 0, [10, 20, 10, 10]],
    ['after a byte order mark', '\ufeffretry: 10\n', [], 0, [10]],
    ['not after a byte order mark elsewhere', 'data: 1\n\n\ufeffretry: 10\n', ['1'], 0, []],
    ['not after two byte order marks', '\ufeff\ufeffretry: 10\n', [], 0, []],
    ['not after half a byte order mark', [0xef, 0xbb, ...Buffer.from('retry: 10\n')], [], 0, []],
    ['without a space', 'retry:10\n', [], 0, [10]],
    ['not with two spaces', 'retry:  10\n', [], 0, []],
    ['not with a space after it', 'retry: 10 \n', [], 0, []],
    ['not without a value', 'retry\nretry:\nretry: \n', [], 0, []],
    ['not with a sign or a point', 'retry: -1\nretry: +1\nretry: 1.5\nretry: 1e3\n', [], 0, []],
    [
      'not under another name',
      'Retry: 1\nretry : 1\nretryx: 1\nretr: 1\n retry: 1\n: retry: 1\ndata: retry: 1\n',
      [],
      1,
      [],
    ],
    ['with leading zeros', 'retry: 00010\n', [], 0, [10]],
    ['zero', 'retry: 0\n', [], 0, [0]],
    [
      'after a long line',
      `data: ${'x'.repeat(300)}\nretry: 10\ndata: ${'y'.repeat(300)}\r\nretry: 20\r\n`,
      [],
      0,
      [10, 20],
    ],
  ]);

  test('a too large value is the same before and after the end of its event', () => {
    const line = Buffer.from(`retry: ${'9'.repeat(400)}\n`);
    expect(read([line]).retries).toEqual(read([line, Buffer.from('\n')]).retries);
  });
});

testRandomStreams(200);

describe('limits memory', () => {
  const KiB = 2 ** 10;
  const MiB = 2 ** 20;
  const open: EventReader[] = [];
  afterEach(() => open.splice(0).forEach((reader) => reader.close()));

  function opened() {
    const complaints: string[] = [];
    let events = 0;
    const reader = createEventReader({
      event: () => (events += 1),
      comment() {},
      tooLong: (message) => complaints.push(message),
    });
    open.push(reader);
    return {
      feed: (bytes: Uint8Array) => reader.feed(bytes),
      close: () => reader.close(),
      strayBytes: () => reader.strayBytes(),
      complaints,
      events: () => events,
    };
  }

  const pieceBytes = 64 * KiB;

  /**
   * Cuts pieces from a text repeated without end. Each piece starts where the one before it ended.
   */
  function repeated(text: string) {
    const unit = Buffer.from(text);
    const enough = Buffer.alloc(unit.length + pieceBytes, unit);
    return (from: number, length = pieceBytes) =>
      enough.subarray(from % unit.length).subarray(0, length);
  }

  test.each([
    ['a line', 'data: ', 'x'],
    ['a comment', ':', 'x'],
    ['an event of many lines', '', `data: ${'x'.repeat(1000)}\n`],
    [
      'an event of many lines, each in a piece of its own',
      '',
      `data: ${'x'.repeat(pieceBytes - 7)}\n`,
    ],
    ['an event of many lines that end in CRLF', '', `data: ${'x'.repeat(1000)}\r\n`],
    ['an event with comments in it', '', `data: ${'x'.repeat(1000)}\n: still here\n`],
    [
      'an event with a comment at the end of each piece',
      '',
      `data: ${'x'.repeat(pieceBytes - 10)}\n:y\n`,
    ],
    [
      'an event with comments in pieces of their own',
      '',
      `data: ${'x'.repeat(pieceBytes - 7)}\n: ${'x'.repeat(pieceBytes - 3)}\n`,
    ],
    ['an event after others', 'data: 1\n\ndata: 2\n\n', `data: ${'x'.repeat(1000)}\n`],
  ])('%s without end is too long', (_, start, unit) => {
    const { feed, complaints } = opened();
    feed(Buffer.from(start));
    const piece = repeated(unit);
    let fed = 0;
    for (; complaints.length === 0 && fed < 2 * longestEventBytes; fed += pieceBytes)
      feed(piece(fed));
    expect(complaints).toEqual(['over 16 MiB without the end of an event']);
    expect(fed).toBeGreaterThanOrEqual(longestEventBytes);
    expect(fed).toBeLessThanOrEqual(longestEventBytes + 2 * pieceBytes);
  });

  test.each([
    ['events of 1 MiB', 100, `data: ${'x'.repeat(MiB)}\n\n`],
    [
      'events of 1 MiB with many lines in CRLF',
      20,
      `${`data: ${'x'.repeat(KiB - 8)}\r\n`.repeat(1024)}\r\n`,
    ],
    ['events of 15 MiB', 7, `data: ${'x'.repeat(15 * MiB)}\n\n`],
    ['small events', 800_000, 'data: something small\n\n'],
    ['events without data', 1_000_000, 'event: ping\nid: 1\n\n'],
    ['comments with a blank line', 2_200_000, ': ping\n\n'],
  ])('any number of %s is not too long', (_, count, text) => {
    const piece = repeated(text);
    const length = count * Buffer.byteLength(text);
    const { feed, complaints, events } = opened();
    for (let fed = 0; fed < length && complaints.length === 0; fed += pieceBytes) {
      feed(piece(fed, Math.min(pieceBytes, length - fed)));
    }
    expect(length).toBeGreaterThan(longestEventBytes);
    expect(complaints).toEqual([]);
    expect(events()).toBe(text.startsWith('data') ? count : 0);
  });

  describe('in all streams together', () => {
    const limit = 96;
    const unfinished = Buffer.from(`data: ${'x'.repeat(MiB - 6)}`);
    const full = () =>
      Array.from({ length: limit }, () => {
        const reader = opened();
        reader.feed(unfinished);
        return reader;
      });
    const tooLong = ['over 96 MiB of unfinished events in all streams of a generator together'];

    test('the stream that exceeds the limit fails', () => {
      const readers = full();
      expect(readers.flatMap(({ complaints }) => complaints)).toEqual([]);
      const last = opened();
      last.feed(Buffer.from(':'));
      expect(last.complaints).toEqual(tooLong);
      expect(readers.flatMap(({ complaints }) => complaints)).toEqual([]);
    });

    test.each<[string, (reader: EventReader) => void]>([
      ['a closed stream', (reader) => reader.close()],
      ['a stream whose event has ended', (reader) => reader.feed(Buffer.from('\n\n'))],
    ])('%s stops counting', (_, release) => {
      const [first, second] = full();
      release(first!);
      const next = opened();
      next.feed(unfinished);
      expect(next.complaints).toEqual([]);
      second!.feed(Buffer.from('x'));
      expect(second!.complaints).toEqual(tooLong);
    });

    test('text that has ended does not count', () => {
      full();
      const ended = {
        'an event': 'data: 1\n\n',
        'an event without data': 'event: ping\nid: 1\r\n\r\n',
        'a comment': ': ping\n',
        'a comment and a blank line': ': ping\r\r',
        'an event and a comment': 'data: 1\n\n: ping\n',
        'a blank line': '\r\n',
      };
      const complaints = Object.entries(ended).map(([what, text]) => {
        const next = opened();
        for (let times = 0; times < 3; times++) next.feed(Buffer.from(text));
        return [what, next.complaints];
      });
      expect(complaints).toEqual(Object.keys(ended).map((what) => [what, []]));
    });

    test('a stream that is closed twice counts once', () => {
      const [first] = full();
      first!.close();
      first!.close();
      const next = opened();
      next.feed(unfinished);
      next.feed(Buffer.from('x'));
      expect(next.complaints).toEqual(tooLong);
    });
  });
});
