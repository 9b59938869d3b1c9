/** A stream of HTTP/2, which shares its connection with others. */
import { maxHeaderSize } from 'node:http';
import type { ClientHttp2Session, ClientHttp2Stream, IncomingHttpHeaders } from 'node:http2';
import { unexpectedContinue } from './failure.ts';
import type { HopObserver } from './follow-redirects.ts';
import { whyClosed } from './http2-failures.ts';
import { http2HeadersOf } from './http2-headers.ts';
import { takePlace, type Passenger, type Place, type Session } from './http2-sessions.ts';
import { mostHeaderLines } from './limits.ts';
import type { OpenStream } from './observer.ts';
import { createResponse, streamOf, type StreamResponse } from './stream-response.ts';
import type { StreamRequest } from './stream-request.ts';

/** Opens one request on a connection that has room for it. */
export function openWithHttp2(request: StreamRequest, observer: HopObserver): OpenStream {
  const response = createResponse(request, observer, () => place.leave('fin', () => {}));
  const place: Place = takePlace(request, new Http2Stream(request, response, observer));
  return streamOf(response, (method, left) => place.leave(method, left));
}

/** A class, since closures of each stream would take as much memory as its state. */
class Http2Stream implements Passenger {
  private readonly request: StreamRequest;
  private readonly response: StreamResponse;
  private readonly observer: HopObserver;
  private error: NodeJS.ErrnoException | undefined = undefined;
  private readBytes = -1;

  constructor(request: StreamRequest, response: StreamResponse, observer: HopObserver) {
    this.request = request;
    this.response = response;
    this.observer = observer;
  }

  start(http2: ClientHttp2Session, session: Session): ClientHttp2Stream {
    const { request, response } = this;
    const stream = http2.request(http2HeadersOf(request), { endStream: request.body === null });
    if (request.body !== null) stream.end(request.body);
    stream.on('headers', (headers) => this.interim(Number(headers[':status'])));
    stream.on('response', (headers, _flags, rawHeaders) =>
      this.begin(headers, rawHeaders as readonly string[] | undefined),
    );
    stream.on('data', (bytes: Buffer) => this.data(bytes, session));
    stream.on('error', (error) => (this.error = error));
    stream.on('close', () => this.closed(stream, session));
    response.flow.begin(stream);
    return stream;
  }
  failed(cause: string, message: string): void {
    this.response.fail(cause, message);
  }

  private interim(status: number): void {
    const { response } = this;
    if (response.isOver()) return;
    if (status === 100) response.fail(...unexpectedContinue);
    else response.interim({ status, statusText: '' });
  }
  private begin(headers: IncomingHttpHeaders, rawHeaders: readonly string[] = []): void {
    const { response } = this;
    if (response.isOver()) return;
    const excess = excessOf(rawHeaders);
    if (excess !== undefined) return response.fail('headers too long', excess);
    response.begin({ status: Number(headers[':status']), statusText: '', headers });
    response.flow.goOn(); // it may have been paused before the request was sent
  }
  /** Takes one DATA frame. Frames of many streams arrive with the same read of the socket. */
  private data(bytes: Buffer, session: Session): void {
    const { response } = this;
    if (response.isOver()) return;
    const readBytes = session.socket.bytesRead;
    this.observer.body(bytes.length, readBytes !== this.readBytes);
    this.readBytes = readBytes;
    response.body()!.feed(bytes);
    session.sampleWindow(readBytes);
  }
  private closed({ rstCode }: ClientHttp2Stream, session: Session): void {
    const { response, error } = this;
    if (response.isOver()) return;
    const hadHeaders = response.hadHeaders();
    if (rstCode === 0 && hadHeaders) return response.end();
    const { goaway, socket } = session;
    const lost = session.isLost() ? { error, goaway, bytesRead: socket.bytesRead } : undefined;
    const failure = whyClosed(rstCode, hadHeaders, lost);
    if (failure[0].startsWith('RST_STREAM')) session.countReset(rstCode);
    response.breakOff(() => failure);
  }
}

/** The limits of HTTP/1.1, for names and values. */
function excessOf(rawHeaders: readonly string[]): string | undefined {
  if (rawHeaders.length / 2 > mostHeaderLines) return `more than ${mostHeaderLines} header lines`;
  const bytes = rawHeaders.reduce((sum, { length }) => sum + length, 0);
  return bytes > maxHeaderSize ? `more than ${maxHeaderSize / 1024} KiB of headers` : undefined;
}
