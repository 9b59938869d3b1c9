/**
 * A small load against a server in this very process, before the real one. The first streams of a
 * process take milliseconds each, because their code must be loaded and compiled. They would delay
 * the streams after them.
 */
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
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

export async function prime(clock: Clock): Promise<void> {
  const server = createServer((socket) => {
    let n = 0;
    const send = () => {
      const event = `data: ${n++} ${process.hrtime.bigint()}\n\n`;
      socket.write(`${event.length.toString(16)}\r\n${event}\r\n`);
    };
    const timer = setInterval(send, intervalMs);
    socket.on('error', () => {});
    socket.on('close', () => clearInterval(timer));
    socket.once('data', () => socket.write(head));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const rampAtNs = clock.nowNs();
  let opened = 0;
  // Half of the streams warm up each way to read.
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
      request: plainRequest,
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
