/**
 * One request on its own connection of HTTP/2, which looks like a request of node:http to the
 * callers of `send`.
 */
import { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { ClientHttp2Session, ClientHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import type { Failure } from './answer.ts';
import { connectForHttp2 } from './http2-connect.ts';
import { openedLate, whyClosed, whyNotOpened } from './http2-failures.ts';
import { http2HeadersOf } from './http2-headers.ts';
import { connectWithinMs } from './limits.ts';
import type { StreamRequest } from './stream-request.ts';

/** `error` only comes before `response`, and `close` always comes last. */
interface Events {
  /** The request was sent. */
  finish: [];
  response: [response: IncomingMessage];
  error: [error: Error];
  close: [];
}

export class Http2Request extends EventEmitter<Events> {
  readonly socket: Socket;
  private readonly http2: ClientHttp2Session;
  private isSent = false;
  private isOver = false;
  private error: NodeJS.ErrnoException | undefined = undefined;
  private goaway: number | undefined = undefined;

  constructor(request: StreamRequest) {
    super();
    const { session, socket } = connectForHttp2(request);
    this.http2 = session;
    this.socket = socket;
    let isConnected = false;
    const late = setTimeout(() => this.fail(openedLate(isConnected)), connectWithinMs).unref();
    session.on('connect', () => (isConnected = true));
    session.once('remoteSettings', () => {
      clearTimeout(late);
      this.start(request);
    });
    session.on('goaway', (code) => (this.goaway = code));
    session.on('error', (error) => (this.error ??= error));
    session.once('close', () => {
      clearTimeout(late);
      if (!this.isSent) this.fail(whyNotOpened(this.error, socket));
      this.emit('close');
    });
  }
  destroy(): void {
    this.isOver = true;
    this.http2.destroy();
    this.socket.destroy();
  }

  private start(request: StreamRequest): void {
    if (this.isOver) return;
    this.isSent = true;
    const { body } = request;
    const stream = this.http2.request(http2HeadersOf(request), { endStream: body === null });
    if (body !== null) stream.end(body);
    stream.on('error', (error) => (this.error ??= error));
    stream.once('response', (headers) => {
      this.isOver = true;
      const head = { statusCode: Number(headers[':status']), statusMessage: '', headers };
      this.emit('response', Object.assign(stream, head) as unknown as IncomingMessage);
    });
    stream.once('close', () => this.closed(stream));
    setImmediate(() => this.emit('finish')); // node:http2 writes at the end of the turn
  }
  private closed({ rstCode }: ClientHttp2Stream): void {
    const { error, goaway, socket } = this;
    const lost = this.http2.destroyed ? { error, goaway, bytesRead: socket.bytesRead } : undefined;
    this.fail(whyClosed(rstCode, false, lost));
    this.http2.close();
  }
  private fail([cause, message]: Failure): void {
    if (this.isOver) return;
    this.destroy();
    this.emit('error', Object.assign(new Error(message), { code: cause }));
  }
}
