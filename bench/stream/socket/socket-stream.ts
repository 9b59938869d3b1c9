/**
 * A stream on a socket of our own, for HTTP/1.1 without TLS.
 *
 * All sockets of a process share one buffer, into which each read goes. Bytes are valid only until
 * the next read of any socket, so everything that is kept is copied.
 */
import { connect, type Socket, type TcpNetConnectOpts } from 'node:net';
import type { Failure } from '../answer.ts';
import { createResponse, streamOf, type StreamResponse } from '../stream-response.ts';
import { closeSocket } from '../close-socket.ts';
import { failureCause, failureMessage } from '../failure.ts';
import type { HopObserver } from '../follow-redirects.ts';
import { connectWithinMs } from '../limits.ts';
import { lookupOnce } from '../lookup.ts';
import type { OpenStream } from '../observer.ts';
import type { StreamRequest } from '../stream-request.ts';
import { requestBytes } from './request-bytes.ts';
import { readResponse, type ResponseReader } from './read-response.ts';

const readBytes = 64 * 2 ** 10;
/** Created with the first stream. */
let shared: Buffer | undefined;

/** Opens one request on its own connection. */
export function openOnSocket(request: StreamRequest, observer: HopObserver): OpenStream {
  let socket: Socket | undefined;
  const drop = () => void socket?.destroy();
  const response = createResponse(request, observer, drop);
  const reader = readResponse(response, observer);
  try {
    socket = connectTo(request, reader, response);
  } catch (error) {
    // Not before the caller has the stream.
    queueMicrotask(() => response.fail(...failureOf(error as Error, response)));
  }
  return streamOf(response, (method, left) =>
    closeSocket(socket?.connecting ? undefined : socket, method, left, drop),
  );
}

/** Connects, sends the request, and reads the response. @throws if the request is invalid */
function connectTo(
  request: StreamRequest,
  reader: ResponseReader,
  response: StreamResponse,
): Socket {
  const { options, isElsewhere, url, localAddress } = request;
  const bytes = requestBytes(request);
  const to =
    options.socketPath !== null && !isElsewhere
      ? { path: options.socketPath }
      : {
          host: url.hostname.replace(/^\[|\]$/g, ''),
          port: Number(url.port || 80),
          ...(localAddress !== undefined && { localAddress }),
          noDelay: true,
          lookup: lookupOnce,
        };
  shared ??= Buffer.allocUnsafeSlow(readBytes);
  const onread = {
    buffer: shared,
    callback(size: number, buffer: Uint8Array) {
      reader.read(buffer as Buffer, size);
      if (size < readBytes) return true;
      // More is waiting. Node would read 32 times before the next socket has its turn.
      setImmediate(() => response.flow.goOn());
      return false;
    },
  };
  const socket = connect({ ...to, onread } as TcpNetConnectOpts);
  const late = setTimeout(failLate, connectWithinMs, response).unref();
  socket.on('connect', () => {
    clearTimeout(late);
    socket.write(bytes); // before, Node would keep it with two more listeners
  });
  socket.on('error', (error) => {
    clearTimeout(late);
    response.breakOff(() => failureOf(error, response));
  });
  socket.on('end', () => reader.closed(socket.bytesRead));
  response.flow.begin(socket);
  return socket;
}

const failLate = (response: StreamResponse) =>
  response.fail('connect timed out', `no connection within ${connectWithinMs / 1000} s`);

const failureOf = (error: Error, response: StreamResponse): Failure => [
  failureCause(error, response.hadHeaders()),
  failureMessage(error),
];
