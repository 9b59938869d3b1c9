/** One stream against sockets that answer by hand. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { openStream, type OpenStream, type StreamObserver } from './stream.ts';
import { plainRequest } from '../scenario/request-options.ts';
import { requestsOf } from './stream-request.ts';
import { freePort } from '../tests/fixtures/helpers/free-port.ts';

const servers: Server[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close()));

interface Seen {
  log: string[];
  stream: OpenStream;
  socket: Promise<Socket>;
  over: Promise<string>;
}

/** Opens a stream to a server that handles each connection with `answer`. */
async function opened(
  answer: (socket: Socket, request: string) => void,
  more: Partial<StreamObserver> = {},
): Promise<Seen> {
  const socket = Promise.withResolvers<Socket>();
  const over = Promise.withResolvers<string>();
  const server = createServer((connection) => {
    connection.on('error', () => {});
    connection.once('data', (request) => answer(connection, String(request)));
    socket.resolve(connection);
  }).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/event?a=b`;
  const log: string[] = [];
  const stream = openStream(
    {
      ...requestsOf(url, { ...plainRequest, headers: { 'x-mine': 'yes' } })(0),
      localAddress: '127.0.0.3',
    },
    {
      headers: () => log.push('headers'),
      body: (bytes) => log.push(`body ${bytes}`),
      event: (data) => log.push(`event ${data}`),
      comment: () => log.push('comment'),
      ended() {
        log.push('ended');
        over.resolve('ended');
      },
      failed(cause, message) {
        log.push(`failed ${message}`);
        over.resolve(cause);
      },
      ...more,
    },
  );
  return { log, stream, socket: socket.promise, over: over.promise };
}

const head = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n';
const chunked = `${head}Transfer-Encoding: chunked\r\n\r\n`;
const chunk = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;

/** From the web-platform tests: the type may have parameters, but no other text may follow it. */
test.each([
  ['text/event-stream', 'ended'],
  ['text/event-stream;', 'ended'],
  ['text/event-stream; charset=utf-8', 'ended'],
  ['text/event-stream;charset=windows-1252', 'ended'],
  ['Text/Event-Stream ; x=y', 'ended'],
  ['text/event-stream-bogus', 'not an event stream'],
  ['text/x-bogus', 'not an event stream'],
  ['x bogus', 'not an event stream'],
])('Content-Type %j: %s', async (type, end) => {
  const { over } = await opened((socket) =>
    socket.end(
      `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ),
  );
  expect(await over).toBe(end);
});

test('sends the given request from the given address', async () => {
  let asked = '';
  const { over } = await opened((socket, request) => {
    asked = `${request} from ${socket.remoteAddress}`;
    socket.end(`${chunked}0\r\n\r\n`);
  });
  expect(await over).toBe('ended');
  expect(asked).toMatch(/^GET \/event\?a=b HTTP\/1\.1\r\n/);
  expect(asked).toMatch(/\r\naccept: text\/event-stream\r\n/);
  expect(asked).toMatch(/\r\nx-mine: yes\r\n/);
  expect(asked).not.toMatch(/accept-encoding/i);
  expect(asked).toMatch(/ from 127\.0\.0\.3$/);
});

test('reports headers, bytes, comments and events in their order', async () => {
  const text = ': hello\n\ndata: 0\n\nid: 7\ndata: grüße\n\n';
  const { log, over } = await opened((socket) => socket.end(`${chunked}${chunk(text)}0\r\n\r\n`));
  expect(await over).toBe('ended');
  expect(log).toEqual([
    'headers',
    `body ${Buffer.byteLength(text)}`,
    'comment',
    'event 0',
    'event grüße',
    'ended',
  ]);
});

test('joins pieces, even within a character', async () => {
  const { log, over } = await opened((socket) => {
    socket.write(`${head}Connection: close\r\n\r\n`);
    const bytes = [...Buffer.from('data: gr\u00fc\u00dfe \u{1f600}\r\n\r\n')];
    const timer = setInterval(() => {
      const byte = bytes.shift();
      if (byte !== undefined) return socket.write(Buffer.from([byte]));
      clearInterval(timer);
      return socket.end();
    }, 2);
    socket.setNoDelay(true);
  });
  expect(await over).toBe('ended');
  expect(log.filter((line) => line.startsWith('event'))).toEqual([
    'event gr\u00fc\u00dfe \u{1f600}',
  ]);
});

/** Sends a text, and resets the connection 20 ms later. */
const sendsAndResets = (text: string) => (socket: Socket) =>
  void socket.write(text, () => setTimeout(() => socket.resetAndDestroy(), 20));
const closing = 'Connection: close\r\n';

test.each<[string, (socket: Socket) => void, string]>([
  [
    '404',
    (socket) => socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n'),
    'status 404',
  ],
  [
    'a redirect',
    (socket) => socket.end('HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n'),
    'status 302',
  ],
  [
    'HTML',
    (socket) =>
      socket.end('HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nhi'),
    'not an event stream',
  ],
  [
    'no type',
    (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi'),
    'not an event stream',
  ],
  [
    'compress',
    (socket) => socket.end(`${head}Content-Encoding: compress\r\nContent-Length: 0\r\n\r\n`),
    'unknown encoding',
  ],
  ['100 Continue only', (socket) => socket.end('HTTP/1.1 100 Continue\r\n\r\n'), 'status 100'],
  [
    'a protocol upgrade',
    (socket) =>
      socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'),
    'status 101',
  ],
  [
    'endless early hints',
    (socket) => socket.write('HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(101)),
    'no answer',
  ],
  [
    'a header of 16 KiB',
    (socket) => socket.write(`${head}X: ${'x'.repeat(2 ** 14)}`),
    'headers too long',
  ],
  [
    'a Content-Length that is not a number',
    (socket) => socket.end(`${head}Content-Length: long\r\n\r\ndata: 0\n\n`),
    'bad Content-Length',
  ],
  ['no HTTP', (socket) => socket.end('SSH-2.0-OpenSSH\r\n\r\n'), 'not HTTP'],
  ['a close without a response', (socket) => socket.end(), 'closed before headers'],
  ['a reset', (socket) => socket.resetAndDestroy(), 'connection reset'],
  ['half a head', (socket) => socket.end(head), 'closed before headers'],
  [
    'a stream without its last chunk',
    (socket) => socket.end(`${chunked}${chunk('data: 0\n\n')}`),
    'closed by the server in mid-stream',
  ],
  [
    'the last stream of a connection, without its last chunk',
    (socket) => socket.end(`${head}${closing}Transfer-Encoding: chunked\r\n\r\n`),
    'closed by the server in mid-stream',
  ],
  [
    'fewer bytes than Content-Length',
    (socket) => socket.end(`${head}Content-Length: 9\r\n\r\ndata`),
    'closed by the server in mid-stream',
  ],
  [
    'fewer bytes than Content-Length on a closing connection',
    (socket) => socket.end(`${head}${closing}Content-Length: 9\r\n\r\ndata`),
    'closed by the server in mid-stream',
  ],
  ['a chunk without a size', (socket) => socket.end(`${chunked}size\r\n`), 'not HTTP'],
  ['a reset in mid-stream', sendsAndResets(chunked), 'connection reset'],
  [
    'a reset before Content-Length is reached',
    sendsAndResets(`${head}${closing}Content-Length: 9\r\n\r\n`),
    'connection reset',
  ],
  [
    'a reset instead of the last chunk',
    sendsAndResets(`${head}${closing}Transfer-Encoding: chunked\r\n\r\n`),
    'connection reset',
  ],
  ['a reset instead of the end', sendsAndResets(`${head}\r\ndata: 0\n\n`), 'connection reset'],
  [
    'an event without end',
    (socket) => {
      socket.write(`${head}\r\ndata: `);
      const more = (error?: Error | null) =>
        void (error || socket.write('x'.repeat(2 ** 20), more));
      more();
    },
    'event too long',
  ],
])('%s fails with its own cause', async (_what, answer, cause) => {
  const { over } = await opened((socket) => answer(socket));
  expect(await over).toBe(cause);
});

test.each([
  ['half an event', 'data: 1\n'],
  ['lines without a field', '{"a":1}\n\n{"b":2}\n\n'],
  ['an event without data', 'event: ping\n\n'],
  ['a comment in half an event', 'data: 1\n:\n'],
  ['retry in half an event', 'retry: 1000\ndata: 1\n'],
  ['other lines', 'information\n\nretrying\n\n'],
  ['one long line', `data: ${'x'.repeat(100_000)}`],
])('%s and then the end: no whole event', async (_what, body) => {
  const { log, over } = await opened((socket) => socket.end(`${head}\r\n${body}`));
  expect(await over).toBe('no whole event');
  expect(log.at(-1)).toBe(
    `failed ${body.length.toLocaleString('en-US')} bytes without a whole event; then the server ended the response`,
  );
});

test.each([
  ['nothing', ''],
  ['blank lines', '\n\r\n\r'],
  ['a comment', ':\n'],
  ['retry', 'retry: 1000\n\n'],
  ['an id', 'id: 7\n\nid\n'],
  ['the beginning of retry', 'ret'],
  ['a byte order mark and a comment', '\ufeff:\n'],
  ['an event and a half', 'data: 1\n\ndata: 2'],
])('%s and then the end: ended', async (_what, body) => {
  const { over } = await opened((socket) => socket.end(`${head}\r\n${body}`));
  expect(await over).toBe('ended');
});

test('a few early hints before the response do not fail a stream', async () => {
  const hint = 'HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n';
  const { log, over } = await opened((socket) =>
    socket.end(`${hint.repeat(3)}${head}\r\ndata: 0\n\n`),
  );
  expect(await over).toBe('ended');
  expect(log).toEqual(['headers', 'body 9', 'event 0', 'ended']);
});

test('reports a comment in an unfinished event before the end', async () => {
  const { log, over } = await opened((socket) =>
    socket.end(`${head}\r\ndata: 0\n\ndata: 1\n: hello\n`),
  );
  expect(await over).toBe('ended');
  expect(log).toEqual(['headers', 'body 25', 'event 0', 'comment', 'ended']);
});

test('shortens a long text of the server', async () => {
  const { log, over } = await opened((socket) =>
    socket.end(`HTTP/1.1 302 Found\r\nLocation: /${'x'.repeat(9_000)}\r\n\r\n`),
  );
  await over;
  expect(log).toEqual([`failed 302 Found, to /${'x'.repeat(185)}`]);
});

test('a stream with many pauses loses no event', async () => {
  const events = Array.from({ length: 300_000 }, (_, n) => `${n}`);
  const body = events.map((data) => `data: ${data}\n\n`).join('');
  let stream: OpenStream;
  const pauses = {
    body() {
      stream.pause();
      setTimeout(() => stream.resume(), 1);
    },
  };
  const { over, log, ...seen } = await opened((socket) => socket.end(`${head}\r\n${body}`), pauses);
  stream = seen.stream;
  expect(await over).toBe('ended');
  expect(log.filter((line) => line.startsWith('event')).map((line) => line.slice(6))).toEqual(
    events,
  );
});

test('a closed port fails with its own cause', async () => {
  const port = await freePort();
  const cause = await new Promise<string>((resolve) => {
    openStream(requestsOf(`http://127.0.0.1:${port}/`, plainRequest)(0), {
      headers() {},
      body() {},
      event() {},
      comment() {},
      ended() {},
      failed: resolve,
    });
  });
  expect(cause).toBe('connection refused');
});

test('after close, the server sees the end at once, and the observer gets no more calls', async () => {
  const { log, stream, socket, over } = await opened((connection) => {
    connection.write(chunked);
    const timer = setInterval(() => connection.write(chunk('data: x\n\n')), 5);
    connection.on('close', () => clearInterval(timer));
  });
  await expect.poll(() => log.filter((line) => line === 'event x').length).toBeGreaterThan(2);
  const connection = await socket;
  const closed = once(connection, 'close');
  const logged = log.length;
  stream.close('fin');
  await closed;
  expect(log).toHaveLength(logged);
  expect(
    await Promise.race([over, new Promise((resolve) => setTimeout(resolve, 50, 'silence'))]),
  ).toBe('silence');
});

test('close before the connection is made leaves no connection', async () => {
  let connections = 0;
  const clients = new Set<number | undefined>();
  const server = createServer((socket) => {
    connections++;
    clients.add(socket.remotePort);
    socket
      .on('error', () => {})
      .on('close', () => connections--)
      .resume();
  }).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/`;
  const stream = openStream(requestsOf(url, plainRequest)(0), {
    headers() {},
    body() {},
    event() {},
    comment() {},
    ended() {},
    failed() {},
  });
  stream.close('fin');
  // A server accepts connections in their order, so by then it has accepted any other.
  const later = connect(port, '127.0.0.1');
  await once(later, 'connect');
  await expect.poll(() => clients.has(later.localPort)).toBe(true);
  later.destroy();
  await expect.poll(() => connections).toBe(0);
});
