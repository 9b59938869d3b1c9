/**
 * A load of a compressed stream, really decoded: our slow decoding must not count as a server
 * failure.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { plainRequest } from '../scenario/request-options.ts';
import { openStream, type StreamObserver } from '../stream/stream.ts';
import { machineClock } from '../system/clock.ts';
import { startLoad } from './load.ts';
import type { LoadTask } from './task.ts';

const intervalMs = 50;
/** A busy machine stops this process, which is also the server, for hundreds of milliseconds. */
const stallAfterMs = 1_000;
/** 146 KB that take seconds to decode; half of it waits for the decoder, so that reading pauses. */
const longWork = gzipSync(Buffer.alloc(150e6, ':\n'));

async function listening() {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' });
    response.write(longWork);
    let n = 0;
    const timer = setInterval(() => response.write(gzipSync(`data: ${n++}\n\n`)), intervalMs);
    response.once('close', () => clearInterval(timer));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, close: () => server.close().closeAllConnections() };
}

function taskFor(url: string, nowNs: number): LoadTask {
  const none = { quietStreams: 0, slowReaders: 0, remainingStreams: 0, churn: null };
  return {
    plan: { ...none, streams: 1, rampMs: 1, totalMs: 60_000, seed: 1 },
    generator: 0,
    generators: 1,
    url,
    quietUrl: url,
    remainingUrl: url,
    request: plainRequest,
    localAddresses: [undefined],
    rampAtNs: nowNs,
    window: { warmUpAtNs: nowNs, measureAtNs: nowNs, disconnectAtNs: nowNs + 60e9 },
    intervalMs,
    stormIntervalMs: null,
    firstNumber: 0,
    sameClock: true,
    keepsOwnPace: false,
    stallAfterMs,
    longPauseMs: Infinity,
    slowBytesPerSecond: 0,
    reconnect: null,
    answers: null,
    disconnect: 'fin',
    transport: 'socket',
  };
}

test('a stream that we pause while we decode does not stall', async () => {
  const { url, close } = await listening();
  const clock = machineClock();
  const pauses: { fromMs: number; untilMs?: number }[] = [];
  const watched = (observer: StreamObserver): StreamObserver => ({
    ...observer,
    busy(isBusy) {
      if (isBusy) pauses.push({ fromMs: performance.now() });
      else pauses.at(-1)!.untilMs = performance.now();
      observer.busy?.(isBusy);
    },
  });
  const load = startLoad(taskFor(url, clock.nowNs()), {
    clock,
    open: (request, observer) => openStream(request, watched(observer)),
  });
  await expect.poll(() => load.progress().events).toBeGreaterThan(20);
  expect(load.progress().open).toBe(1);
  const longestMs = Math.max(...pauses.map(({ fromMs, untilMs = fromMs }) => untilMs - fromMs));
  expect(longestMs).toBeGreaterThan(2 * stallAfterMs);
  const { recording } = await load.disconnect();
  close();
  expect(recording.failures).toEqual({});
  expect(recording.counts).toMatchObject({ stopped: 1, missing: 0 });
});
