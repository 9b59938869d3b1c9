/** Responses whose bytes are cut at random: our reader must find the same body as was sent. */
import { describe, expect, test } from 'vitest';
import {
  belowFrom,
  chunk,
  chunkedHead,
  framed,
  head,
  randomBody,
  randomPieces,
} from '../../tests/fixtures/helpers/random-responses.ts';
import { readPieces as read } from '../../tests/fixtures/helpers/read-pieces.ts';

describe('random responses in random pieces', () => {
  test.each(Array.from({ length: 10 }, (_, part) => part * 1_000))(
    'have the events that were sent, from seed %i',
    (first) => {
      let events = 0;
      for (let seed = first; seed < first + 1_000; seed++) {
        const below = belowFrom(seed);
        const body = randomBody(below);
        const bytes = Buffer.from(framed(body, below));
        const pieces = randomPieces(bytes, below);
        const { newReads, events: found, bodyBytes, end } = read(pieces);
        expect({ seed, events: found, bodyBytes, end }).toEqual({
          seed,
          events: body.events,
          bodyBytes: body.text.length,
          end: 'ended',
        });
        expect(newReads).toBeLessThanOrEqual(pieces.length);
        events += body.events.length;
      }
      expect(events).toBeGreaterThan(1_000);
    },
  );
});

const inTwo = (text: string) =>
  Array.from({ length: text.length - 1 }, (_, at) =>
    [text.slice(0, at + 1), text.slice(at + 1)].map((part) => Buffer.from(part, 'latin1')),
  );

test.each([
  ['not a size', 'size\r\n', 'not HTTP: Invalid character in chunk size'],
  ['an empty size', '\r\n', 'not HTTP: Invalid character in chunk size'],
  ['a size that ends with LF', '5\ndata:\r\n', 'not HTTP: Invalid character in chunk size'],
  ['CR without LF', '5\rdata:\r\n', 'not HTTP: Invalid character in chunk size'],
  ['a size of 14 digits', '10000000000000\r\n', 'not HTTP: Invalid character in chunk size'],
  ['more data than the size', '2\r\ndata\r\n', 'not HTTP: Expected CR LF after chunk data'],
  [
    'no last chunk',
    chunk('data: 1\n'),
    'closed by the server in mid-stream: the last chunk is missing',
  ],
  [
    'half a trailer',
    '0\r\na: b\r\n',
    'closed by the server in mid-stream: the last chunk is missing',
  ],
  [
    'an endless extension',
    `5;${'x'.repeat(20_000)}\r\n`,
    'not HTTP: more than 16 KiB of chunk extensions or trailers',
  ],
  [
    'endless trailers',
    `0\r\n${'a: b\r\n'.repeat(4_000)}`,
    'not HTTP: more than 16 KiB of chunk extensions or trailers',
  ],
])('a chunked body with %s fails', (_what, body, end) => {
  const text = `${chunkedHead}${chunk('data: 0\n\n')}${body}`;
  const cuts = text.length < 500 ? inTwo(text) : [[Buffer.from(text)]];
  for (const pieces of cuts) expect(read(pieces)).toMatchObject({ events: ['0'], end });
});

test('bytes after the end are ignored', () => {
  const text = `${head}Content-Length: 9\r\n\r\ndata: 0\n\ndata: 1\n\n`;
  for (const pieces of inTwo(text))
    expect(read(pieces)).toMatchObject({ events: ['0'], end: 'ended' });
});

test('counts the reads of the socket that brought bytes of the body', () => {
  const pieces = [chunkedHead, chunk('data: 0\n\n') + chunk('data: 1\n\n'), chunk('data: 2\n\n')];
  expect(read(pieces.map((text) => Buffer.from(text)))).toMatchObject({
    newReads: 2,
    bodyBytes: 27,
  });
});

test('a read that brings only headers is no read of the body', () => {
  const pieces = [`${head}\r\n`, 'data: 0\n\n'].map((text) => Buffer.from(text));
  expect(read(pieces)).toMatchObject({ newReads: 1, bodyBytes: 9, end: 'ended' });
});
