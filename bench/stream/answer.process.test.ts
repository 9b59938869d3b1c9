/** Invalid heads of responses, each sent by a socket. The failure cause must name the problem. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { whyNoStream } from './answer.ts';
import { openStream } from './stream.ts';
import { plainRequest } from '../scenario/request-options.ts';
import { requestsOf } from './stream-request.ts';

/** @returns how a stream ends if a server answers like this */
async function endOf(answer: (socket: Socket) => void): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => answer(socket));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const end = await new Promise<string>((resolve) => {
    openStream(requestsOf(url, plainRequest)(0), {
      headers() {},
      body() {},
      event() {},
      comment() {},
      ended: () => resolve('ended'),
      failed: (cause, message) => resolve(`${cause}: ${message}`),
    });
  });
  server.close();
  return end;
}

const type = 'Content-Type: text/event-stream\r\n';
const says = (head: string) =>
  endOf((socket) => void socket.end(Buffer.from(`${head}${type}\r\ndata: 1\n\n`, 'latin1')));

test.each([
  'HTTP/1.1 000 Nothing',
  'HTTP/1.1 001 x',
  'HTTP/1.1 099 x',
  'HTTP/1.1 0 x',
  'HTTP/1.1 00 x',
  'HTTP/1.1 -20 x',
  'HTTP/1.1  200 OK',
  'HTTP/1.1 2OO OK',
  'HTTP/1.1 20',
  'http/1.1 200 OK',
  'HTTP/3 200 OK',
  'HTTP 200 OK',
  'RTSP/1.0 200 OK',
  'ICE/1.0 200 OK',
  'SSH-2.0-OpenSSH',
  '200 OK',
  '<html>',
  '\u0000\u0001',
])('status line %j: not HTTP, with the line in the message', async (line) => {
  expect(await says(`${line}\r\n`)).toBe(
    `not HTTP: Expected HTTP/1.1 and a status, found ${JSON.stringify(line)}`,
  );
});

test('the first frame of HTTP/2 is recognized', async () =>
  expect(await endOf((socket) => void socket.end(Buffer.from('000006040000000000', 'hex')))).toBe(
    'HTTP/1.1 refused: the server answers in HTTP/2',
  ));

test('a status of four digits is not HTTP', async () =>
  expect(await says('HTTP/1.1 1000 x\r\n')).toMatch(/^not HTTP: .*"HTTP\/1\.1 1000 x"/));

test.each([
  'HTTP/1.1 200 OK',
  'HTTP/1.1 200 ',
  'HTTP/1.1 200',
  'HTTP/1.0 200 OK',
  '\r\nHTTP/1.1 200 OK',
  'HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK',
])('status line %j is valid', async (line) => {
  expect(await says(`${line}\r\n`)).toBe('ended');
});

test.each([
  [
    'HTTP/1.1 101 Switching Protocols',
    'status 101: 101 Switching Protocols, which ssebench did not request',
  ],
  ['HTTP/1.1 999 x', 'status 999: 999 x'],
  [
    'HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 000 x',
    'not HTTP: Expected HTTP/1.1 and a status, found "HTTP/1.1 000 x"',
  ],
  [
    'HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2',
    'bad Content-Length: 2 headers: Content-Length: 1 and Content-Length: 2',
  ],
  ['HTTP/1.1 200 OK\r\nBad Header: x', 'not HTTP: Invalid header "Bad Header: x"'],
])('%j: %s', async (head, end) => expect(await says(`${head}\r\n`)).toBe(end));

test.each([
  ['Content-Length: 5\r\nContent-Length: 7', '2 headers: Content-Length: 5 and Content-Length: 7'],
  ['Content-Length: 5\r\ncontent-length: 5', '2 headers: Content-Length: 5 and Content-Length: 5'],
  ['Content-Length: 5, 5', 'Content-Length: 5, 5, which is not a number'],
  ['Content-Length: -5', 'Content-Length: -5, which is not a number'],
  ['Content-Length: +5', 'Content-Length: +5, which is not a number'],
  ['Content-Length: long', 'Content-Length: long, which is not a number'],
  ['Content-Length: 5 5', 'Content-Length: 5 5, which is not a number'],
  ['Content-Length: 1e3', 'Content-Length: 1e3, which is not a number'],
  ['Content-Length:', 'Content-Length: (empty), which is not a number'],
  [
    'Content-Length: 99999999999999999999',
    'Content-Length: 99999999999999999999, which is too large',
  ],
  [
    'Content-Length: 5\r\nTransfer-Encoding: chunked',
    'Content-Length: 5 next to Transfer-Encoding: chunked',
  ],
  [
    'Transfer-Encoding: chunked\r\nContent-Length: 5',
    'Content-Length: 5 next to Transfer-Encoding: chunked',
  ],
])('%j: bad Content-Length', async (lines, message) => {
  expect(await says(`HTTP/1.1 200 OK\r\n${lines}\r\n`)).toBe(`bad Content-Length: ${message}`);
});

/** Sends the same text again and again, and counts the bytes that the other side accepted. */
function endlessly(start: string, text: string) {
  let sent = 0;
  const piece = Buffer.from(text.repeat(Math.ceil(65_536 / text.length)));
  const answer = (socket: Socket) => {
    const more = (error?: Error | null) => {
      sent += piece.length;
      if (!error && sent < 2 ** 28) socket.write(piece, more);
    };
    socket.write(start, more);
  };
  return { answer, sent: () => sent };
}

test.each([
  ['short headers', 'HTTP/1.1 200 OK\r\n', 'a: b\r\n', 'more than 500 header lines'],
  ['headers without a value', 'HTTP/1.1 200 OK\r\n', 'a:\r\n', 'more than 500 header lines'],
  [
    'headers of usual length',
    'HTTP/1.1 200 OK\r\n',
    `Set-Cookie: ${'x'.repeat(200)}\r\n`,
    'more than 16 KiB of headers',
  ],
  ['one header', `HTTP/1.1 200 OK\r\nX: `, 'x', 'more than 16 KiB of headers'],
  ['a reason', 'HTTP/1.1 200 ', 'x', 'more than 32 KiB without the end of the headers'],
  ['spaces', 'HTTP/1.1 200 OK\r\nX:', ' ', 'more than 32 KiB without the end of the headers'],
  ['empty lines', '', '\r\n', 'more than 500 header lines'],
])('%s without end: headers too long, after few bytes', async (_what, start, text, message) => {
  const { answer, sent } = endlessly(start, text);
  expect(await endOf(answer)).toBe(`headers too long: ${message}`);
  expect(sent()).toBeLessThan(16 * 2 ** 20); // buffers of the system
});

test.each([
  ['400 headers', `HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(400)}`],
  ['15 KiB of headers', `HTTP/1.1 200 OK\r\n${`X-Long: ${'x'.repeat(1_000)}\r\n`.repeat(15)}`],
  [
    'many early hints',
    `${`HTTP/1.1 103 Early Hints\r\n${'Link: </style.css>; rel=preload\r\n'.repeat(100)}\r\n`.repeat(20)}HTTP/1.1 200 OK\r\n`,
  ],
])('%s are not too long, in one piece or in many', async (_what, head) => {
  expect(await says(head)).toBe('ended');
  const bytes = Buffer.from(`${head}${type}\r\ndata: 1\n\n`);
  const slowly = (socket: Socket) => {
    socket.setNoDelay(true);
    const send = (from: number) => {
      socket.write(bytes.subarray(from, from + 97));
      if (from + 97 < bytes.length) setImmediate(send, from + 97);
      else socket.end();
    };
    send(0);
  };
  expect(await endOf(slowly)).toBe('ended');
});

const nowMs = Date.parse('2026-10-21T07:28:00Z');
test.each([
  [429, 'Too Many Requests', '30', '429 Too Many Requests, Retry-After: 30 s'],
  [
    503,
    'Service Unavailable',
    'Wed, 21 Oct 2026 07:28:25 GMT',
    '503 Service Unavailable, Retry-After: Wed, 21 Oct 2026 07:28:25 GMT (in 25 s)',
  ],
  [
    503,
    '',
    'Wed, 21 Oct 2026 07:27:00 GMT',
    '503, Retry-After: Wed, 21 Oct 2026 07:27:00 GMT (60 s ago)',
  ],
  [503, '', ' 0 ', '503, Retry-After: 0 s'],
  [429, '', 'soon', '429, Retry-After: soon'],
  [503, '', undefined, '503'],
])('%i %s, Retry-After %j: %s', (status, statusText, retryAfter, message) => {
  expect(whyNoStream(status, statusText, { 'retry-after': retryAfter }, nowMs)).toEqual([
    `status ${status}`,
    message,
  ]);
});

test('the message of a redirect has its target before Retry-After', () => {
  expect(whyNoStream(302, 'Found', { location: '/', 'retry-after': '5' }, nowMs)).toEqual([
    'status 302',
    '302 Found, to /, Retry-After: 5 s',
  ]);
});
