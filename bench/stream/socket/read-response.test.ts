/** Responses whose bytes are cut at random: our reader must find the same body as was sent. */
import { describe, expect, test } from 'vitest';
import { randomFrom } from '../../statistics/random.ts';
import { plainRequest } from '../../scenario/request-options.ts';
import { createResponse } from '../stream-response.ts';
import { requestsOf } from '../stream-request.ts';
import { readResponse } from './read-response.ts';

interface Seen {
  events: string[];
  bodyBytes: number;
  newReads: number;
  end: string;
}

/** Reads a response in these pieces, all from one shared buffer, as a socket does. */
function read(pieces: readonly Uint8Array[]): Seen {
  const seen: Seen = { events: [], bodyBytes: 0, newReads: 0, end: 'open' };
  const observer = {
    headers() {},
    body(bytes: number, newRead: boolean) {
      seen.bodyBytes += bytes;
      if (newRead) seen.newReads++;
    },
    event: (data: string) => seen.events.push(data),
    comment() {},
    ended: () => void (seen.end = 'ended'),
    failed: (cause: string, message: string) => void (seen.end = `${cause}: ${message}`),
  };
  const request = requestsOf('http://127.0.0.1:1/', plainRequest)(0);
  const response = readResponse(
    createResponse(request, observer, () => {}),
    observer,
  );
  const shared = Buffer.alloc(64 * 1024);
  let bytesRead = 0;
  for (const piece of pieces) {
    shared.fill('#'); // overwrites all bytes that were not copied
    shared.set(piece);
    bytesRead += piece.length;
    response.read(shared, piece.length);
  }
  response.closed(bytesRead);
  return seen;
}

const head = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n';
const chunkedHead = `${head}Transfer-Encoding: chunked\r\n\r\n`;
const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;
const hint = 'HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n';

type Below = (limit: number) => number;

/** The events of a random body, and their text in pieces that end anywhere. */
function randomBody(below: Below) {
  const events = Array.from({ length: below(20) }, (_, n) =>
    below(8) === 0 ? `${n} ${'x'.repeat(below(300))}` : `${n} ${below(1e9)}`,
  );
  const text = events.map((data) => `data: ${data}\n\n`).join('');
  const chunks: string[] = [];
  for (let at = 0; at < text.length;) {
    const endOfEvent = text.indexOf('\n\n', at) + 2;
    const end = below(2) === 0 || endOfEvent < 2 ? at + 1 + below(40) : endOfEvent;
    chunks.push(text.slice(at, end));
    at = end;
  }
  return { events, text, chunks };
}

/** The bytes of a response with this body, framed in a random way. */
function framed({ text, chunks }: ReturnType<typeof randomBody>, below: Below): string {
  const first = hint.repeat(below(4) === 0 ? 1 + below(3) : 0);
  const kind = below(4);
  if (kind === 0) return `${first}${head}\r\n${text}`;
  if (kind === 1) return `${first}${head}Content-Length: ${text.length}\r\n\r\n${text}`;
  const extension = () => (below(6) === 0 ? ';name=value' : '');
  const zeros = () => '0'.repeat(below(6) === 0 ? below(4) : 0);
  const body = chunks.map(
    (each) => `${zeros()}${each.length.toString(16)}${extension()}\r\n${each}\r\n`,
  );
  const trailers = 'Server-Timing: a\r\n'.repeat(below(3));
  return `${first}${chunkedHead}${body.join('')}0${extension()}\r\n${trailers}\r\n`;
}

function randomPieces(bytes: Uint8Array, below: Below): Uint8Array[] {
  const longest = [1, 3, 20, 200, 60_000][below(5)]!;
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const size = 1 + below(longest);
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces;
}

describe('random responses in random pieces', () => {
  test.each(Array.from({ length: 10 }, (_, part) => part * 1_000))(
    'have the events that were sent, from seed %i',
    (first) => {
      let events = 0;
      for (let seed = first; seed < first + 1_000; seed++) {
        const random = randomFrom(seed);
        const below: Below = (limit) => Math.floor(random() * limit);
        const body = randomBody(below);
        const bytes = Buffer.from(framed(body, below));
        const pieces = randomPieces(bytes, below);
        const { newReads, ...seen } = read(pieces);
        expect({ seed, ...seen }).toEqual({
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
