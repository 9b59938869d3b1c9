/** Both ways to read streams, on the same bytes over real sockets: they must see the same. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { plainRequest } from '../scenario/request-options.ts';
import { transports, type Transport } from '../scenario/scenario.ts';
import {
  belowFrom,
  framed,
  randomBody,
  randomPieces,
  type Below,
} from '../tests/fixtures/helpers/random-responses.ts';
import { openStream } from './stream.ts';
import { requestsOf } from './stream-request.ts';

const responses = 1_000;
/** How many streams of each transport are open at once. */
const atOnce = 10;

/** The pieces of a response; some lines of it are comments, ids and `retry`. */
function piecesOf(seed: number): Uint8Array[] {
  const below = belowFrom(seed);
  const body = randomBody(below);
  const text = framed(body, below);
  return randomPieces(isBroken(seed) ? broken(text, below) : Buffer.from(text), below);
}

/** One in three responses has a wrong byte, or lacks its end. */
const isBroken = (seed: number) => seed % 3 === 0;
function broken(text: string, below: Below): Buffer {
  const bytes = Buffer.from(text);
  if (below(2) === 0) return bytes.subarray(0, below(bytes.length));
  bytes[below(bytes.length)] = below(128);
  return bytes;
}

function send(socket: Socket, pieces: readonly Uint8Array[]) {
  socket.setNoDelay(true);
  const next = (at: number) => {
    if (socket.destroyed) return;
    if (at === pieces.length) return void socket.end();
    socket.write(pieces[at]!, () => setImmediate(next, at + 1));
  };
  next(0);
}

const server = createServer((socket) => {
  socket.on('error', () => {});
  socket.once('data', (request) => {
    const seed = Number(/^GET \/(\d+) /.exec(request.toString('latin1'))![1]);
    send(socket, piecesOf(seed));
  });
});
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => server.close());

/** @returns all that an observer sees, apart from how reads of the socket cut it */
function read(seed: number, transport: Transport): Promise<object> {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/${seed}`;
  const events: unknown[] = [];
  let bytes = 0;
  return new Promise((resolve) => {
    const over = (end: string) => resolve({ seed, events, bytes, end });
    openStream(
      requestsOf(url, plainRequest)(0),
      {
        headers: (encoding) => events.push(['headers', encoding]),
        body: (some) => void (bytes += some),
        event: (...event) => events.push(event),
        id: (id) => events.push(['id', id]),
        retry: (waitMs) => events.push(['retry', waitMs]),
        comment: () => events.push('comment'),
        ended: () => over('ended'),
        failed: (cause) => over(cause),
      },
      transport,
    );
  });
}

test(`see the same in ${responses} random responses, of which a third are broken`, async () => {
  let next = 0;
  const ends = new Map<string, number>();
  async function readSome() {
    while (next < responses) {
      const seed = next++;
      const [one, other] = await Promise.all(transports.map((each) => read(seed, each)));
      expect(one).toEqual(other);
      const { end } = one as { end: string };
      ends.set(end, (ends.get(end) ?? 0) + 1);
    }
  }
  await Promise.all(Array.from({ length: atOnce }, readSome));
  expect(ends.get('ended')).toBeGreaterThan(responses / 2);
  expect(ends.size).toBeGreaterThan(4);
});
