/**
 * A small load against a server in this very process, before the real one. The first streams of a
 * process take milliseconds each, because their code must be loaded and compiled. They would delay
 * the streams after them.
 */
import { once } from 'node:events';
import { createServer as createHttp2Server, type ServerHttp2Stream } from 'node:http2';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Duplex } from 'node:stream';
import type { Clock } from '../system/clock.ts';
import { plainRequest } from '../scenario/request-options.ts';
import type { LoadSurroundings } from '../load/connections.ts';
import { startLoad } from '../load/load.ts';
import { transports } from '../scenario/scenario.ts';
import { openStream } from '../stream/stream.ts';

const streams = 100;
const rampMs = 60;
const intervalMs = 10;
const head =
  'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n';

/** Sends events until the connection or the stream closes. */
function tick(stream: Duplex, send: (event: string) => void) {
  let n = 0;
  const timer = setInterval(() => send(`data: ${n++} ${process.hrtime.bigint()}\n\n`), intervalMs);
  stream.on('error', () => {});
  stream.on('close', () => clearInterval(timer));
}

const createHttp1 = (): Server =>
  createServer((socket) => {
    tick(socket, (event) => socket.write(`${event.length.toString(16)}\r\n${event}\r\n`));
    socket.once('data', () => socket.write(head));
  });

function createHttp2(): Server {
  const server = createHttp2Server();
  server.on('stream', (stream: ServerHttp2Stream) => {
    stream.respond({ ':status': 200, 'content-type': 'text/event-stream' });
    tick(stream, (event) => stream.write(event));
  });
  return server;
}

/** @param isHttp2 whether the load is for HTTP/2 */
export async function prime(clock: Clock, isHttp2: boolean): Promise<void> {
  const server = isHttp2 ? createHttp2() : createHttp1();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const rampAtNs = clock.nowNs();
  let opened = 0;
  // Half of the streams warm up each way to read HTTP/1.1.
  const open: LoadSurroundings['open'] = (request, observer) =>
    openStream(request, observer, transports[opened++ % transports.length]);
  const load = startLoad(
    {
      plan: {
        streams,
        quietStreams: 0,
        slowReaders: 0,
        remainingStreams: 0,
        rampMs,
        totalMs: 2 * rampMs,
        churn: null,
        seed: 1,
      },
      generator: 0,
      generators: 1,
      url,
      quietUrl: url,
      remainingUrl: url,
      request: { ...plainRequest, http2: isHttp2 ? { streamsPerConnection: 20 } : null },
      transport: 'socket',
      localAddresses: [undefined],
      rampAtNs,
      window: {
        warmUpAtNs: rampAtNs,
        measureAtNs: rampAtNs,
        disconnectAtNs: rampAtNs + 2 * rampMs * 1e6,
      },
      intervalMs,
      stormIntervalMs: intervalMs,
      firstNumber: 0,
      sameClock: true,
      keepsOwnPace: false,
      stallAfterMs: 5_000,
      longPauseMs: Infinity,
      slowBytesPerSecond: 0,
      reconnect: null,
      answers: null,
      disconnect: 'reset',
    },
    { clock, open },
  );
  await sleep(2 * rampMs);
  await load.disconnect();
  server.close();
}
