/** Compressed streams, from sockets that send what a test specifies, at the time it specifies. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { openStream, type OpenStream } from './stream.ts';
import { plainRequest } from '../scenario/request-options.ts';
import { requestsOf } from './stream-request.ts';

const servers: Server[] = [];
const streams: OpenStream[] = [];
afterEach(() => {
  for (const stream of streams.splice(0)) stream.close('reset');
  for (const server of servers.splice(0)) server.close();
});

/** Opens a stream whose head has these lines, and returns its socket once the head is sent. */
async function opened(...lines: string[]) {
  const socket = Promise.withResolvers<Socket>();
  const over = Promise.withResolvers<string>();
  const server = createServer((connection) => {
    connection.setNoDelay(true).on('error', () => {});
    connection.once('data', () => {
      connection.write(
        `${['HTTP/1.1 200 OK', 'Content-Type: text/event-stream', ...lines].join('\r\n')}\r\n\r\n`,
      );
      socket.resolve(connection);
    });
  }).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const seen = {
    encoding: undefined as string | undefined,
    sent: 0,
    decoded: 0,
    comments: 0,
    events: [] as string[],
  };
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const stream = openStream(requestsOf(url, plainRequest)(0), {
    headers: (encoding) => void (seen.encoding = encoding),
    body: (bytes) => void (seen.sent += bytes),
    decoded: (bytes) => void (seen.decoded += bytes),
    event: (data) => seen.events.push(data),
    comment: () => seen.comments++,
    ended: () => over.resolve('ended'),
    failed: (cause, message) => over.resolve(`${cause}: ${message}`),
  });
  streams.push(stream);
  return { seen, stream, socket: await socket.promise, over: over.promise };
}

type Flushing = zlib.Gzip & { flush(kind: number, done: () => void): void };
const { Z_SYNC_FLUSH, BROTLI_OPERATION_FLUSH, ZSTD_e_flush, BROTLI_PARAM_LGWIN } = zlib.constants;

/**
 * Rows: Content-Encoding as a server may write it, the compressor, how it flushes, the reported
 * name.
 */
const compressions: [header: string, create: () => unknown, flush: number, name: string][] = [
  ['gzip', () => zlib.createGzip(), Z_SYNC_FLUSH, 'gzip'],
  ['GZip', () => zlib.createGzip(), Z_SYNC_FLUSH, 'gzip'],
  ['x-gzip', () => zlib.createGzip(), Z_SYNC_FLUSH, 'gzip'],
  ['gzip, identity', () => zlib.createGzip(), Z_SYNC_FLUSH, 'gzip'],
  ['deflate', () => zlib.createDeflate(), Z_SYNC_FLUSH, 'deflate'],
  ['deflate', () => zlib.createDeflateRaw(), Z_SYNC_FLUSH, 'deflate'],
  ['br', () => zlib.createBrotliCompress(), BROTLI_OPERATION_FLUSH, 'br'],
  [
    'br',
    () => zlib.createBrotliCompress({ params: { [BROTLI_PARAM_LGWIN]: 10 } }),
    BROTLI_OPERATION_FLUSH,
    'br',
  ],
  ['zstd', () => zlib.createZstdCompress(), ZSTD_e_flush, 'zstd'],
  ['ZSTD', () => zlib.createZstdCompress(), ZSTD_e_flush, 'zstd'],
];

/** Compresses each text and flushes after it. */
async function flushed(
  create: () => unknown,
  flush: number,
  texts: readonly string[],
): Promise<Buffer[]> {
  const compressor = create() as Flushing;
  let parts: Buffer[] = [];
  compressor.on('data', (part: Buffer) => parts.push(part));
  const pieces: Buffer[] = [];
  for (const text of texts) {
    compressor.write(text);
    await promisify((done: () => void) => compressor.flush(flush, done))();
    await new Promise(setImmediate);
    pieces.push(Buffer.concat(parts.splice(0)));
  }
  compressor.end();
  await once(compressor, 'end');
  return [...pieces, Buffer.concat(parts)];
}

describe('no compression', () => {
  test.each([
    'none',
    'identity',
    'Identity',
    'IDENTITY',
    '',
    ' ',
    'identity, identity',
    'none,identity',
    ',',
    'identity\r\nContent-Encoding: Identity',
  ])('Content-Encoding: %j is none', async (value) => {
    const { seen, socket, over } = await opened(`Content-Encoding: ${value}`);
    socket.end('data: 1\n\n');
    expect(await over).toBe('ended');
    expect(seen).toEqual({ encoding: undefined, sent: 9, decoded: 0, comments: 0, events: ['1'] });
  });
});

describe.each(compressions)('Content-Encoding: %s', (header, create, flush, name) => {
  const texts = ['data: 1\n\n', ': hello\n\n', 'data: grüße\n', '\n', 'data: 3\n\n'];

  test('each event arrives when the server has flushed it', async () => {
    const [first, , third, fourth] = await flushed(create, flush, texts);
    const { seen, socket } = await opened(`Content-Encoding: ${header}`);
    socket.write(first!);
    await expect.poll(() => seen.events).toEqual(['1']);
    expect(seen.encoding).toBe(name);
    socket.write((await flushed(create, flush, texts))[1]!);
    await expect.poll(() => seen.comments).toBe(1);
    socket.write(third!);
    socket.write(fourth!);
    await expect.poll(() => seen.events).toEqual(['1', 'grüße']);
  });

  test('decodes byte by byte, and counts sent and decoded bytes', async () => {
    const sent = Buffer.concat(await flushed(create, flush, texts));
    const { seen, socket, over } = await opened(`Content-Encoding: ${header}`);
    for (const byte of sent) {
      socket.write(Buffer.of(byte));
      await new Promise(setImmediate);
    }
    socket.end();
    expect(await over).toBe('ended');
    expect(seen).toEqual({
      encoding: name,
      sent: sent.length,
      decoded: Buffer.byteLength(texts.join('')),
      comments: 1,
      events: ['1', 'grüße', '3'],
    });
  });

  test('has a failure cause each for data that is cut short, corrupt, too long or reset', async () => {
    const pieces = await flushed(create, flush, texts);
    const start = Buffer.concat(pieces.slice(0, -1));
    const noise = Buffer.alloc(64, 0xff);
    const end = async (write: (socket: Socket) => void) => {
      const { seen, socket, over } = await opened(`Content-Encoding: ${header}`);
      socket.write(start);
      await expect.poll(() => seen.events).toEqual(['1', 'grüße', '3']);
      write(socket);
      return over;
    };
    expect(await end((socket) => socket.end())).toMatch(
      new RegExp(`^compressed data cut short: ${name}: no end after \\d+ bytes`),
    );
    expect(await end((socket) => socket.write(noise))).toMatch(
      new RegExp(`^corrupt compressed data: ${name}: `),
    );
    expect(await end((socket) => socket.write(Buffer.concat([pieces.at(-1)!, noise])))).toMatch(
      new RegExp(`^corrupt compressed data: ${name}: `),
    );
    expect(await end((socket) => socket.resetAndDestroy())).toMatch(/^connection reset: /);
  });

  test('data that arrives together with the end is decoded before the end', async () => {
    const [first] = await flushed(create, flush, texts);
    const { seen, socket, over } = await opened(
      `Content-Encoding: ${header}`,
      'Content-Length: 999999',
      'Connection: close',
    );
    socket.end(first!);
    expect(await over).toMatch(/^closed by the server in mid-stream: /);
    expect(seen.events).toEqual(['1']);
  });
});

test.each([
  'compress',
  'utf-8',
  'aws-chunked',
  'gzip, br',
  'gzip, gzip',
  'gzip\r\nContent-Encoding: br',
  '__proto__',
  'constructor',
  'x'.repeat(500),
])('Content-Encoding: %s fails as an unknown encoding', async (value) => {
  const { socket, over } = await opened(`Content-Encoding: ${value}`);
  socket.write('data: 1\n\n');
  expect(await over).toMatch(
    new RegExp(
      `^unknown encoding: Content-Encoding: ${value.replace(/\r\nContent-Encoding:/, ',').slice(0, 50)}`,
    ),
  );
});

test.each([
  ['gzip', zlib.gzipSync],
  ['zstd', zlib.zstdCompressSync],
] as const)('%s: events compressed one by one', async (header, compress) => {
  const { seen, socket } = await opened(`Content-Encoding: ${header}`);
  for (const n of ['1', '2', '3']) {
    socket.write(compress(`data: ${n}\n\n`));
    await expect.poll(() => seen.events.at(-1)).toBe(n);
  }
  socket.write(Buffer.concat(['4', '5'].map((n) => compress(`data: ${n}\n\n`))));
  await expect.poll(() => seen.events).toEqual(['1', '2', '3', '4', '5']);
});

test('an empty body with a Content-Encoding ends without a failure', async () => {
  const { socket, over } = await opened('Content-Encoding: gzip', 'Content-Length: 0');
  socket.end();
  expect(await over).toBe('ended');
});

test('without flushes, the failure names the received bytes', async () => {
  const compressor = zlib.createGzip();
  const { seen, stream, socket } = await opened('Content-Encoding: gzip');
  compressor.pipe(socket);
  compressor.write('data: 1\n\n');
  await expect.poll(() => seen.sent).toBe(10);
  expect(stream.strayBytes()).toBe(
    '10 bytes of gzip that decode to nothing; the server may not flush after each event',
  );
  compressor.flush();
  await expect.poll(() => seen.events).toEqual(['1']);
  expect(stream.strayBytes()).toBeUndefined();
});

const MiB = 2 ** 20;
const compressors = {
  gzip: (text: Buffer) => zlib.gzipSync(text),
  deflate: (text: Buffer) => zlib.deflateSync(text),
  br: (text: Buffer) =>
    zlib.brotliCompressSync(text, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 2 } }),
  zstd: (text: Buffer) => zlib.zstdCompressSync(text),
};

describe.each(Object.entries(compressors))('%s: long data from few bytes', (header, compress) => {
  test.each(['data: ', ':', 'id: ', '\0'])(
    'an endless line that starts with %j is a decompression bomb',
    async (start) => {
      const { socket, over } = await opened(`Content-Encoding: ${header}`);
      socket.write(compress(Buffer.concat([Buffer.from(start), Buffer.alloc(18 * MiB, 'x')])));
      expect(await over).toMatch(
        new RegExp(
          `^decompression bomb: over 16 MiB without the end of an event: [\\d,]+ bytes from [\\d,]+ bytes of ${header}$`,
        ),
      );
    },
  );

  test('any number of whole events and comments is no decompression bomb', async () => {
    const { seen, socket, over } = await opened(`Content-Encoding: ${header}`);
    const text = Buffer.alloc(18 * MiB, ': x\n\ndata: 1\n\n');
    socket.end(compress(text));
    expect(await over).toBe('ended');
    expect(seen).toMatchObject({ decoded: 18 * MiB, comments: seen.events.length });
    expect(seen.events).toHaveLength(Math.floor(text.length / 14));
  });
});

test('a long event with little compression is too long, but no decompression bomb', async () => {
  const { socket, over } = await opened('Content-Encoding: gzip');
  const line = Buffer.from(randomBytes(13 * MiB).toString('base64'));
  socket.write(zlib.gzipSync(Buffer.concat([Buffer.from('data: '), line]), { level: 1 }));
  expect(await over).toMatch(
    /^event too long: over 16 MiB without the end of an event: [\d,]+ bytes from [\d,]+ bytes of gzip$/,
  );
});

test('a stream with bytes that are not decoded yet does not fail', async () => {
  const bomb = compressors.br(Buffer.alloc(32 * MiB, 'x'));
  const { seen, stream, socket } = await opened('Content-Encoding: br');
  socket.write(bomb);
  while (seen.sent === 0) await nextTurn();
  expect(stream.strayBytes()).toBeUndefined();
  stream.close('reset');
  expect(stream.strayBytes()).toBeUndefined();
});

test('each of many decoders gets its turn, also after some are closed', async () => {
  const text = Buffer.alloc(4 * MiB, 'data: 1\n\n');
  const params = {
    [zlib.constants.BROTLI_PARAM_LGWIN]: 24,
    [zlib.constants.BROTLI_PARAM_QUALITY]: 2,
  };
  const body = zlib.brotliCompressSync(text, { params });
  const all = await Promise.all(Array.from({ length: 24 }, () => opened('Content-Encoding: br')));
  for (const { socket } of all) socket.end(body);
  const [closed, kept] = [all.slice(0, 12), all.slice(12)];
  while (closed.some(({ seen }) => seen.sent === 0)) await nextTurn();
  for (const { stream } of closed) stream.close('reset');
  for (const { over, seen } of kept) {
    expect(await over).toBe('ended');
    expect(seen.decoded).toBe(text.length);
  }
});

test('a paused stream stops reading, and continues later', async () => {
  const { seen, stream, socket } = await opened('Content-Encoding: gzip');
  const compressor = zlib.createGzip({ level: 0 });
  compressor.pipe(socket);
  const event = `data: ${'x'.repeat(MiB)}\n\n`;
  compressor.write(event);
  compressor.flush();
  await expect.poll(() => seen.events.length).toBe(1);
  stream.pause();
  for (let n = 0; n < 32; n++) compressor.write(event);
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(seen.events.length).toBeLessThan(4);
  stream.resume();
  await expect.poll(() => seen.events.length).toBeGreaterThan(30);
});
