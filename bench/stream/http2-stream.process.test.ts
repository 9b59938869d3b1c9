/** Streams of HTTP/2 against frames written by hand, and against node:http2 over TLS. */
import { once } from 'node:events';
import { createServer as createHttp1 } from 'node:http';
import {
  createSecureServer,
  createServer as createHttp2,
  type ServerHttp2Stream,
} from 'node:http2';
import { createServer as createHttps } from 'node:https';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { plainRequest, type RequestOptions } from '../scenario/request-options.ts';
import { selfSigned } from '../tests/fixtures/helpers/certificate.ts';
import {
  eventStream,
  resetsOf,
  startHttp2Peer,
  type Http2Peer,
  type PeerStream,
} from '../tests/fixtures/helpers/http2-peer.ts';
import { belowFrom, randomBody, randomPieces } from '../tests/fixtures/helpers/random-responses.ts';
import { http2FiguresOf } from './http2-sessions.ts';
import { requestsOf } from './stream-request.ts';
import { openStream, type OpenStream, type StreamObserver } from './stream.ts';

const servers: { close(): unknown }[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close()));

const http2: RequestOptions = { ...plainRequest, http2: { streamsPerConnection: null } };
const perConnection = (streamsPerConnection: number | null): RequestOptions => ({
  ...plainRequest,
  http2: { streamsPerConnection },
});

interface Opened {
  log: string[];
  stream: OpenStream;
  /** `ended`, or the cause of the failure. */
  over: Promise<string>;
}

/** @param options the same object for streams that share connections */
function open(url: string, options = http2, more: Partial<StreamObserver> = {}): Opened {
  const over = Promise.withResolvers<string>();
  const log: string[] = [];
  const stream = openStream(requestsOf(url, options)(0), {
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
  });
  return { log, stream, over: over.promise };
}

async function peerWith(
  answer: (stream: PeerStream) => void,
  mostStreams?: number,
): Promise<Http2Peer> {
  const peer = await startHttp2Peer(answer, mostStreams);
  servers.push(peer.server);
  return peer;
}

async function urlOf(server: Pick<Server, 'listen' | 'address' | 'close'>, scheme = 'http') {
  server.listen(0, '127.0.0.1');
  servers.push(server);
  await once(server as Server, 'listening');
  return `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** Answers with an event stream that stays open. */
const endless = (stream: PeerStream) => void stream.headers(200, eventStream).data('data: 0\n\n');

const hint = [['link', '</style.css>; rel=preload']] as const;
const lines = (count: number) =>
  Array.from({ length: count }, (_, n) => [`x-${n}`, ''] as const).concat(eventStream as never);

test('reports headers, bytes, comments and events in their order', async () => {
  const text = ': hello\n\ndata: 0\n\nid: 7\ndata: grüße\n\n';
  const { url } = await peerWith((stream) => stream.headers(200, eventStream).data(text, true));
  const { log, over } = open(url);
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
  const bytes = Buffer.from('data: gr\u00fc\u00dfe \u{1f600}\r\n\r\n');
  const { url } = await peerWith((stream) => {
    stream.headers(200, eventStream);
    for (const byte of bytes) stream.data(Buffer.from([byte]));
    stream.data('', true);
  });
  const { log, over } = open(url);
  expect(await over).toBe('ended');
  expect(log.filter((line) => line.startsWith('event'))).toEqual([
    'event gr\u00fc\u00dfe \u{1f600}',
  ]);
});

test.each<[string, (stream: PeerStream) => void, string]>([
  ['404', (stream) => void stream.headers(404, [], true), 'status 404'],
  ['a redirect', (stream) => void stream.headers(302, [['location', '/']], true), 'status 302'],
  [
    'HTML',
    (stream) => void stream.headers(200, [['content-type', 'text/html']], true),
    'not an event stream',
  ],
  ['no type', (stream) => void stream.headers(200, [], true), 'not an event stream'],
  [
    'compress',
    (stream) => void stream.headers(200, [...eventStream, ['content-encoding', 'compress']], true),
    'unknown encoding',
  ],
  ['100 Continue only', (stream) => void stream.headers(100), 'status 100'],
  [
    'endless early hints',
    (stream) => {
      for (let n = 0; n <= 100; n++) stream.headers(103, hint);
    },
    'no answer',
  ],
  [
    'a header of 16 KiB',
    (stream) => void stream.headers(200, [...eventStream, ['x', 'x'.repeat(2 ** 14)]]),
    'headers too long',
  ],
  ['501 headers', (stream) => void stream.headers(200, lines(500)), 'headers too long'],
  [
    '1,001 headers, which node:http2 refuses',
    (stream) => void stream.headers(200, lines(1_000)),
    'RST_STREAM ENHANCE_YOUR_CALM',
  ],
  [
    'fewer bytes than Content-Length',
    (stream) =>
      void stream.headers(200, [...eventStream, ['content-length', '9']]).data('data', true),
    'RST_STREAM PROTOCOL_ERROR',
  ],
  ['REFUSED_STREAM', (stream) => void stream.reset(7), 'RST_STREAM REFUSED_STREAM'],
  ['HTTP_1_1_REQUIRED', (stream) => void stream.reset(13), 'HTTP/2 refused'],
  [
    'CANCEL in mid-stream',
    (stream) => void stream.headers(200, eventStream).data('data: 0\n\n').reset(8),
    'RST_STREAM CANCEL',
  ],
  [
    'INTERNAL_ERROR in mid-stream',
    (stream) => void stream.headers(200, eventStream).data('data: 0\n\n').reset(2),
    'RST_STREAM INTERNAL_ERROR',
  ],
  [
    'GOAWAY with a code',
    (stream) => {
      stream.headers(200, eventStream).peer.goaway(stream.id, 11);
    },
    'GOAWAY ENHANCE_YOUR_CALM',
  ],
  ['a FIN before headers', ({ peer }) => void peer.socket.end(), 'closed before headers'],
  [
    'a FIN in mid-stream',
    (stream) => {
      stream.headers(200, eventStream).data('data: 0\n\n').peer.socket.end();
    },
    'closed by the server in mid-stream',
  ],
  ['a reset', ({ peer }) => void peer.socket.resetAndDestroy(), 'connection reset'],
  ['a frame of DATA before the headers', (stream) => void stream.data('data: 0\n\n'), 'not HTTP'],
  ['bytes that are no frame', ({ peer }) => void peer.socket.write('x'.repeat(100)), 'not HTTP'],
  [
    'half an event',
    (stream) => void stream.headers(200, eventStream).data('data: 1\n', true),
    'no whole event',
  ],
])('%s fails with its own cause', async (_what, answer, cause) => {
  const { url } = await peerWith(answer);
  const { over } = open(url, { ...http2 });
  expect(await over).toBe(cause);
});

test('an event without end fails', async () => {
  const server = createHttp2();
  server.on('stream', (stream: ServerHttp2Stream) => {
    stream.on('error', () => {});
    stream.respond({ ':status': 200, 'content-type': 'text/event-stream' });
    const more = () => void (stream.destroyed || stream.write('data: '.repeat(20_000), more));
    more();
  });
  const { over } = open(await urlOf(server), { ...http2 });
  expect(await over).toBe('event too long');
});

test('a few early hints before the response do not fail a stream', async () => {
  const { url } = await peerWith((stream) =>
    stream
      .headers(103, hint)
      .headers(103, hint)
      .headers(200, eventStream)
      .data('data: 0\n\n', true),
  );
  const { log, over } = open(url);
  expect(await over).toBe('ended');
  expect(log).toEqual(['headers', 'body 9', 'event 0', 'ended']);
});

test('sends the given request, with names in lower case and without a connection header', async () => {
  const asked = Promise.withResolvers<object>();
  const server = createHttp2();
  server.on('stream', (stream: ServerHttp2Stream, headers) => {
    let body = '';
    stream.on('data', (some) => (body += some));
    stream.on('end', () => {
      stream.respond({ ':status': 200, 'content-type': 'text/event-stream' });
      stream.end();
      asked.resolve({ ...headers, body, from: stream.session!.socket.remoteAddress! });
    });
  });
  const url = await urlOf(server);
  const options = { ...http2, method: 'POST', headers: { 'x-mine': 'yes' }, body: '{"a":1}' };
  const over = Promise.withResolvers<string>();
  openStream(
    { ...requestsOf(`${url}event?a=b`, options)(0), localAddress: '127.0.0.3' },
    {
      headers() {},
      body() {},
      event() {},
      comment() {},
      ended: () => over.resolve('ended'),
      failed: over.resolve,
    },
  );
  expect(await over.promise).toBe('ended');
  expect(await asked.promise).toMatchObject({
    ':method': 'POST',
    ':scheme': 'http',
    ':authority': new URL(url).host,
    ':path': '/event?a=b',
    accept: 'text/event-stream',
    'content-type': 'application/json',
    'content-length': '7',
    'x-mine': 'yes',
    body: '{"a":1}',
    from: '127.0.0.3',
  });
  expect(Object.keys(await asked.promise)).not.toContain('connection');
});

test.each([
  [null, 250, undefined, [100, 100, 50]],
  [null, 70, 30, [30, 30, 10]],
  [20, 50, 100, [20, 20, 10]],
  [1, 3, 1, [1, 1, 1]],
])(
  'with %s streams per connection, %i streams to a server that allows %s have connections for %j',
  async (each, streams, allowed, expected) => {
    const { url, connections } = await peerWith(endless, allowed);
    const options = perConnection(each);
    const opened = Array.from({ length: streams }, () => open(url, options));
    await expect.poll(() => opened.every(({ log }) => log.includes('event 0'))).toBe(true);
    const perServer = connections.map(
      ({ frames }) => frames.filter(({ type }) => type === 1).length,
    );
    // A connection that waits for its SETTINGS may lead to one more.
    expect(perServer.filter((count) => count > 0).toSorted((a, b) => b - a)).toEqual(expected);
    const figures = http2FiguresOf(options)!;
    expect(figures).toMatchObject({ requests: streams, mostStreams: expected[0] });
    expect(figures.windowBytes).toBeGreaterThanOrEqual(65_535 * Math.min(each ?? 1, expected[0]!));
    expect(figures.leastWindowBytes).toBeLessThan(figures.windowBytes!);
    for (const { stream } of opened) stream.close('reset');
  },
);

test('a server that allows fewer streams per connection fails them, with both numbers', async () => {
  const { url } = await peerWith(endless, 30);
  const { log, over } = open(url, perConnection(50));
  expect(await over).toBe('too many streams per connection');
  expect(log).toEqual([
    'failed the server allows 30 streams on a connection, and ssebench is to open 50',
  ]);
});

test('a limit that becomes lower later gives new streams other connections, or fails them', async () => {
  const peer = await peerWith(endless, 50);
  const { url, connections } = peer;
  const options = perConnection(50);
  const first = open(url, options);
  await expect.poll(() => first.log).toContain('event 0');
  connections[0]!.settings(1);
  await expect.poll(() => connections[0]!.frames.filter(({ type }) => type === 4).length).toBe(3);
  const second = open(url, options);
  await expect.poll(() => second.log).toContain('event 0');
  expect(connections).toHaveLength(2);
  connections[1]!.settings(1);
  await expect.poll(() => connections[1]!.frames.filter(({ type }) => type === 4).length).toBe(3);
  peer.mostStreams = 1;
  expect(await open(url, options).over).toBe('too many streams per connection');
  for (const { log, stream } of [first, second]) {
    expect(log.at(-1)).toBe('event 0');
    stream.close('fin');
  }
});

test('after GOAWAY without an error, open streams go on, and new ones get another connection', async () => {
  const streams: PeerStream[] = [];
  const { url, connections } = await peerWith((stream) => {
    streams.push(stream);
    endless(stream);
  });
  const options = { ...http2 };
  const first = open(url, options);
  await expect.poll(() => first.log).toContain('event 0');
  connections[0]!.goaway(1, 0);
  await expect.poll(() => http2FiguresOf(options)!.goaways).toEqual({ NO_ERROR: 1 });
  const second = open(url, options);
  await expect.poll(() => second.log).toContain('event 0');
  expect(connections).toHaveLength(2);
  streams[0]!.data('data: 1\n\n', true);
  expect(await first.over).toBe('ended');
  expect(first.log).toContain('event 1');
  second.stream.close('fin');
});

test('a connection lost with 20 streams makes 20 failures', async () => {
  const { url, connections } = await peerWith(endless);
  const options = { ...http2 };
  const opened = Array.from({ length: 20 }, () => open(url, options));
  await expect.poll(() => opened.every(({ log }) => log.includes('event 0'))).toBe(true);
  expect(connections).toHaveLength(1);
  connections[0]!.socket.resetAndDestroy();
  expect(await Promise.all(opened.map(({ over }) => over))).toEqual(
    Array.from({ length: 20 }, () => 'connection reset'),
  );
});

test('counts what the server resets, by code', async () => {
  const codes = [2, 8, 8, 7];
  const { url } = await peerWith((stream) =>
    stream.headers(200, eventStream).reset(codes[(stream.id - 1) / 2]!),
  );
  const options = { ...http2 };
  await Promise.all(codes.map(() => open(url, options).over));
  expect(http2FiguresOf(options)!.resets).toEqual({
    INTERNAL_ERROR: 1,
    CANCEL: 2,
    REFUSED_STREAM: 1,
  });
});

/** Opens two streams on one connection. */
async function openTwo(answer = endless) {
  const { url, connections } = await peerWith(answer);
  const options = { ...http2 };
  const opened = [open(url, options), open(url, options)] as const;
  await expect.poll(() => opened.every(({ log }) => log.includes('event 0'))).toBe(true);
  expect(connections).toHaveLength(1);
  return { opened, connection: connections[0]! };
}
const left = ({ stream }: Opened, ...[how]: Parameters<OpenStream['close']>) =>
  new Promise<void>((resolve) => stream.close(how, resolve));

test('a stream that disconnects alone sends RST_STREAM with CANCEL', async () => {
  const streams: PeerStream[] = [];
  const { opened, connection } = await openTwo((stream) => {
    streams.push(stream);
    endless(stream);
  });
  const [first, second] = opened;
  await left(first, 'fin');
  await expect.poll(() => resetsOf(connection)).toEqual([[1, 8]]);
  streams[0]!.data('data: 1\n\n');
  streams[1]!.data('data: 2\n\n');
  await expect.poll(() => second.log).toContain('event 2');
  expect(first.log.at(-1)).toBe('event 0');
  second.stream.close('fin');
});

test.each(['fin', 'half-close', 'reset'] as const)(
  'when all streams disconnect together, the connection closes with %s',
  async (method) => {
    const { opened, connection } = await openTwo();
    const { socket } = connection;
    const end = new Promise<string>((resolve) => {
      socket.once('end', () => resolve('end'));
      socket.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code!));
    });
    await Promise.all(opened.map((each) => left(each, method)));
    expect(await end).toBe(method === 'reset' ? 'ECONNRESET' : 'end');
    expect(resetsOf(connection)).toEqual([]);
    if (method !== 'half-close') return;
    // The client still reads, until the server closes its side too.
    const closed = once(socket, 'close');
    const sent = new Promise<Error | null | undefined>((resolve) =>
      socket.end('', resolve as never),
    );
    expect(await sent).toBeFalsy();
    await closed;
  },
);

test('sees the same in 300 random responses as over HTTP/1.1', async () => {
  const responses = 300;
  const bodyOf = (seed: number) => randomBody(belowFrom(seed));
  const { url } = await peerWith((stream) => {
    const below = belowFrom(stream.id);
    const pieces = randomPieces(Buffer.from(bodyOf(stream.id).text), below);
    stream.headers(200, eventStream);
    for (const piece of pieces) stream.data(Buffer.from(piece));
    stream.data('', true);
  });
  const server = createHttp1((request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(bodyOf(Number(request.url!.slice(1))).text);
  });
  const origin = await urlOf(server);
  const options = perConnection(responses);
  const seenOf = async (address: string, request?: RequestOptions) => {
    const seen: unknown[] = [];
    const { over } = open(address, request, {
      body: () => {}, // it depends on the pieces
      event: (...event) => void seen.push(event),
      id: (id) => void seen.push(['id', id]),
      retry: (waitMs) => void seen.push(['retry', waitMs]),
      comment: () => void seen.push('comment'),
    });
    return [await over, ...seen];
  };
  const overHttp2 = await Promise.all(
    Array.from({ length: responses }, () => seenOf(url, options)),
  );
  for (const [index, seen] of overHttp2.entries())
    expect(seen).toEqual(await seenOf(`${origin}${2 * index + 1}`, plainRequest));
  expect(overHttp2.filter(([end]) => end === 'ended').length).toBeGreaterThan(responses / 2);
});

test('a stream that disconnects before the SETTINGS leaves no connection', async () => {
  const sockets = new Set<Socket>();
  let closed = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket
      .on('error', () => {})
      .on('close', () => closed++)
      .resume();
  });
  const { stream, log } = open(await urlOf(server), { ...http2 });
  await expect.poll(() => sockets.size).toBe(1);
  stream.close('fin');
  await expect.poll(() => closed).toBe(1);
  expect(log).toEqual([]);
});

test('a paused stream holds up only itself, and loses no event', async () => {
  const written = { firehose: 0 };
  const server = createHttp2();
  const events = Array.from({ length: 40_000 }, (_, n) => `data: ${n}\n\n`);
  server.on('stream', (stream: ServerHttp2Stream, headers) => {
    stream.on('error', () => {});
    stream.respond({ ':status': 200, 'content-type': 'text/event-stream' });
    if (headers[':path'] === '/tick') {
      let n = 0;
      const timer = setInterval(() => stream.write(`data: ${n++}\n\n`), 5);
      return void stream.on('close', () => clearInterval(timer));
    }
    const next = (at: number) => {
      if (at === events.length) return void stream.end();
      written.firehose = at;
      stream.write(events.slice(at, at + 1_000).join(''), () => next(at + 1_000));
    };
    return next(0);
  });
  const url = await urlOf(server);
  const options = { ...http2 };
  const firehose: Opened = open(`${url}firehose`, options, {
    headers: () => firehose.stream.pause(),
  });
  const tick = open(`${url}tick`, options);
  await expect.poll(() => tick.log, { timeout: 10_000 }).toContain('event 50');
  // The server has sent the window of the stream, and what its own buffers take.
  expect(written.firehose).toBeLessThan(20_000);
  expect(http2FiguresOf(options)!.sessions).toBe(1);
  firehose.stream.resume();
  expect(await firehose.over).toBe('ended');
  const received = firehose.log
    .filter((line) => line.startsWith('event'))
    .map((line) => line.slice(6));
  expect(received).toEqual(events.map((_, n) => String(n)));
  tick.stream.close('fin');
});

/** Sends events within the windows of a client, which it learns from the frames. */
function senderWithin(stream: PeerStream) {
  const event = Buffer.from(`data: ${'x'.repeat(993)}\n\n`);
  let sentBytes = 0;
  const windowOf = (id: number) =>
    stream.peer.frames
      .filter((frame) => frame.type === 8 && frame.stream === id)
      .reduce((bytes, { payload }) => bytes + payload.readUInt32BE(), 65_535);
  return {
    sent: () => sentBytes,
    /** @param others bytes on other streams of the connection */
    send(others = 0) {
      const room = () =>
        Math.min(windowOf(stream.id) - sentBytes, windowOf(0) - others - sentBytes) >= event.length;
      for (let n = 0; n < 20 && room(); n++) {
        stream.data(event);
        sentBytes += event.length;
      }
    },
  };
}

test('a stream that is not read takes at most 128 KiB, and another on its connection continues', async () => {
  const senders: ReturnType<typeof senderWithin>[] = [];
  const { url } = await peerWith((stream) => {
    stream.headers(200, eventStream);
    senders.push(senderWithin(stream));
  });
  const options = perConnection(2);
  const stalled: Opened = open(url, options, { headers: () => stalled.stream.pause() });
  const live = open(url, options);
  await expect.poll(() => senders).toHaveLength(2);
  const [first, second] = senders as [(typeof senders)[0], (typeof senders)[0]];
  // The second stream gets four times the window of the connection meanwhile.
  await expect
    .poll(() => {
      first.send(second.sent());
      second.send(first.sent());
      return second.sent();
    })
    .toBeGreaterThan(4 * 2 * 65_535);
  expect(first.sent()).toBeGreaterThan(65_535 - 1_001);
  expect(first.sent()).toBeLessThan(2 * 65_536 + 1_001);
  expect(stalled.log.filter((line) => line.startsWith('event'))).toEqual([]);
  for (const { stream } of [stalled, live]) stream.close('reset');
});

test('the frames of one read of the socket count as one read of the stream', async () => {
  const streams: PeerStream[] = [];
  const { url } = await peerWith((stream) => void streams.push(stream.headers(200, eventStream)));
  const reads: boolean[] = [];
  const { over } = open(url, { ...http2 }, { body: (_bytes, newRead) => void reads.push(newRead) });
  await expect.poll(() => streams).toHaveLength(1);
  const [stream] = streams;
  const { socket } = stream!.peer;
  socket.cork();
  for (let n = 0; n < 3; n++) stream!.data(`data: ${n}\n\n`);
  socket.uncork();
  await expect.poll(() => reads).toEqual([true, false, false]);
  stream!.data('data: 3\n\n', true);
  expect(await over).toBe('ended');
  expect(reads).toEqual([true, false, false, true]);
});

const accepting = (): RequestOptions => ({ ...http2, acceptsAnyCertificate: true });

test('over TLS, the server chooses h2', async () => {
  const server = createSecureServer(selfSigned());
  const chosen: (string | false | null)[] = [];
  server.on('secureConnection', ({ alpnProtocol }) => chosen.push(alpnProtocol));
  server.on('stream', (stream: ServerHttp2Stream) => {
    stream.respond({ ':status': 200, 'content-type': 'text/event-stream' });
    stream.end('data: 0\n\n');
  });
  const url = await urlOf(server, 'https');
  const { log, over } = open(url, accepting());
  expect(await over).toBe('ended');
  expect(log).toEqual(['headers', 'body 9', 'event 0', 'ended']);
  expect(chosen).toEqual(['h2']);
  expect(await open(url, { ...http2 }).over).toBe('certificate not trusted');
});

test('over TLS, a server of HTTP/1.1 only refuses HTTP/2', async () => {
  const url = await urlOf(
    createHttps(selfSigned(), (_request, response) => response.end()),
    'https',
  );
  const { log, over } = open(url, accepting());
  expect(await over).toBe('HTTP/2 refused');
  expect(log).toEqual(['failed the server does not offer h2 in the handshake of TLS']);
});

test('without TLS, a server of HTTP/1.1 only refuses HTTP/2', async () => {
  const { log, over } = open(await urlOf(createHttp1((_request, response) => response.end())));
  expect(await over).toBe('HTTP/2 refused');
  expect(log).toEqual(['failed the server answers, but not in HTTP/2']);
});

test('a server that sends no SETTINGS refuses HTTP/2', async () => {
  const server = createServer((socket) => socket.on('error', () => {}).resume());
  const { log, over } = open(await urlOf(server), { ...http2 });
  expect(await over).toBe('HTTP/2 refused');
  expect(log).toEqual(['failed no SETTINGS of HTTP/2 within 4 s']);
});

test('a closed port fails with its own cause', async () => {
  const server = createServer();
  const url = await urlOf(server);
  servers.pop();
  server.close();
  expect(await open(url, { ...http2 }).over).toBe('connection refused');
});
