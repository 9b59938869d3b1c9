/**
 * A stream on a socket of our own, for HTTP/1.1 without TLS.
 *
 * All sockets of a process share one buffer, into which each read goes. Bytes are valid only until
 * the next read of any socket, so everything that is kept is copied.
 */
import { connect, type Socket, type TcpNetConnectOpts } from 'node:net';
import { faultOfAnswer, faultOfHead, type Failure } from '../answer.ts';
import { createAnswered, type Answered } from '../answered.ts';
import { closeSocket } from '../close-socket.ts';
import { failureCause, failureMessage, unexpectedContinue } from '../failure.ts';
import type { HopObserver } from '../follow-redirects.ts';
import type { OpenStream } from '../observer.ts';
import type { StreamRequest } from '../stream-request.ts';
import { framingOf, type Framing } from './framing.ts';
import { requestBytes } from './request-bytes.ts';
import { readHead, type Head, type HeadReader } from './response-head.ts';

/**
 * Time for three SYNs, sent after 0, 1 and 3 s. It is shorter than the silence that a stream may
 * have.
 */
const connectWithinMs = 4_000;
const readBytes = 64 * 2 ** 10;
/** Enough to describe what is wrong with it. */
const mostHeadText = 32 * 2 ** 10;
/** Created with the first stream. */
let shared: Buffer | undefined;

/** Opens one request on its own connection. */
export function openOnSocket(request: StreamRequest, observer: HopObserver): OpenStream {
  let socket: Socket | undefined;
  const drop = () => void socket?.destroy();
  const answered = createAnswered(request, observer, drop);
  const response = readResponse(answered, observer);
  try {
    socket = connectTo(request, response, answered);
  } catch (error) {
    // Not before the caller has the stream.
    queueMicrotask(() => answered.fail(...failureOf(error as Error, answered)));
  }
  const { flow } = answered;
  return {
    pause: flow.pause,
    resume: flow.resume,
    isBehind: () => answered.body()?.isBehind() ?? false,
    strayBytes: () => answered.body()?.strayBytes(),
    close(method, left = () => {}) {
      if (!answered.leave()) return left();
      if (method === 'half-close') flow.readOn(); // also if the stream was paused
      if (socket?.connecting) drop();
      closeSocket(socket, method, left, drop);
    },
  };
}

/** Connects, sends the request, and reads the response. @throws if the request is invalid */
function connectTo(request: StreamRequest, response: Response, answered: Answered): Socket {
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
        };
  shared ??= Buffer.allocUnsafeSlow(readBytes);
  const onread = {
    buffer: shared,
    callback(size: number, buffer: Uint8Array) {
      response.read(buffer as Buffer, size);
      return true;
    },
  };
  const socket = connect({ ...to, onread } as TcpNetConnectOpts);
  const late = setTimeout(() => {
    answered.fail('connect timed out', `no connection within ${connectWithinMs / 1000} s`);
  }, connectWithinMs);
  socket.once('connect', () => clearTimeout(late));
  socket.once('close', () => clearTimeout(late));
  socket.on('error', (error) => answered.breakOff(() => failureOf(error, answered)));
  socket.once('end', () => response.closed(socket.bytesRead));
  answered.flow.begin(socket);
  socket.write(bytes);
  return socket;
}

const failureOf = (error: Error, { hadHeaders }: Answered): Failure => [
  failureCause(error, hadHeaders()),
  failureMessage(error),
];

interface Response {
  /** Takes the bytes of one read. */
  read(bytes: Buffer, size: number): void;
  /** The server has closed its side. */
  closed(bytesRead: number): void;
}

function readResponse(answered: Answered, observer: HopObserver): Response {
  let reader: HeadReader | undefined = readHead();
  let framing: Framing | undefined;
  let isNewRead = false;
  let isCompressed = false;
  /** The text of all heads so far. */
  let heads = '';

  function piece(bytes: Buffer, from: number, to: number) {
    if (answered.isOver()) return;
    observer.body(to - from, isNewRead);
    isNewRead = false;
    const some = bytes.subarray(from, to);
    // Another thread decodes it, possibly after the next read.
    answered.body()!.feed(isCompressed ? Buffer.from(some) : some);
  }
  function take(head: Head) {
    const { status } = head;
    const fault =
      status === 100 ? unexpectedContinue : (faultOfAnswer(status, heads) ?? faultOfHead(heads));
    if (fault) return answered.fail(...fault);
    if (status < 200) {
      reader = readHead();
      return answered.interim(head);
    }
    reader = undefined;
    heads = '';
    isCompressed = answered.begin(head) !== undefined;
    if (!answered.isOver()) framing = framingOf(head, piece);
  }
  /** @returns the number of bytes that belong to heads */
  function readHeads(bytes: Buffer, size: number): number {
    let at = 0;
    while (reader && at < size && !answered.isOver()) {
      const from = reader.text().length;
      at += reader.feed(bytes, at, size);
      heads = (heads + reader.text().slice(from)).slice(0, mostHeadText);
      const fault = reader.fault();
      const head = reader.head();
      if (fault) answered.fail(...(faultOfHead(heads) ?? [fault.cause, fault.message]));
      else if (head) take(head);
    }
    return at;
  }
  return {
    read(bytes, size) {
      if (answered.isOver()) return;
      isNewRead = true;
      const at = reader ? readHeads(bytes, size) : 0;
      if (!framing || answered.isOver()) return;
      framing.feed(bytes, at, size);
      const fault = framing.fault();
      if (fault) answered.breakOff(() => [fault.cause, fault.message]);
      else if (framing.isOver()) answered.end();
    },
    closed(bytesRead) {
      if (answered.isOver()) return;
      const missing = framing?.missing();
      if (!framing)
        answered.fail('closed before headers', `other side closed, after ${bytesRead} bytes`);
      else if (missing) answered.breakOff(() => [missing.cause, missing.message]);
      else answered.end();
    },
  };
}
