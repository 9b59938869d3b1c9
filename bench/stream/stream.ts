/**
 * One stream: a request, its response, and its events. The interface is small on purpose, so that
 * another way to read a socket can replace undici if a measurement shows a benefit.
 */
import type { Socket } from 'node:net';
import { buildConnector, Client, type Dispatcher } from 'undici';
import type { CloseMethod } from '../scenario/scenario.ts';
import { faultIn, faultOfAnswer, whyNoStream } from './answer.ts';
import { readBody, type Body, type BodyObserver } from './body.ts';
import { compressionOf, encodingsOf } from './encoding.ts';
import { textWithoutSecrets } from '../scenario/secrets.ts';
import { failureCause, failureMessage } from './failure.ts';
import { watchReads, type Reads } from './reads.ts';

export interface StreamRequest {
  url: URL;
  headers: Record<string, string>;
  /** The address to connect from, for loads that need more ports than one address has. */
  localAddress: string | undefined;
}

/**
 * The events of a stream, in this order. `ended` and `failed` are final, and nothing follows
 * `close()`.
 */
export interface StreamObserver extends BodyObserver {
  /** The response is an event stream. @param encoding of its body, if it is compressed */
  headers(encoding?: string): void;
  /**
   * This many bytes of the body arrived, as they were sent. Their events follow at once. In a
   * compressed stream they follow after decoding, about 0.1 ms later.
   *
   * @param newRead whether they are the first bytes from one read of the socket
   */
  body(bytes: number, newRead: boolean): void;
  /**
   * We stop reading because bytes wait for the decoder, or we resume. Silence in between is our
   * own.
   */
  busy?(isBusy: boolean): void;
  /** The server ended the response. */
  ended(): void;
  failed(cause: string, message: string): void;
}

export type StreamCloseMethod = Exclude<CloseMethod, 'kill'>;

export interface OpenStream {
  /**
   * Disconnects: like a page that is closed (`fin`), with a FIN but still reading (`half-close`),
   * or abruptly (`reset`). A connection that is still being established is closed as soon as it
   * exists.
   *
   * @param left called after the system call that closes the socket
   */
  close(method: StreamCloseMethod, left?: () => void): void;
  /**
   * Stops reading until `resume`. The data fills the buffers on the way, and then waits in the
   * server.
   */
  pause(): void;
  resume(): void;
  /** Whether received bytes are not decoded yet, or were not when the stream was closed. */
  isBehind(): boolean;
  /** Describes the received bytes if they were parts of events and no event was whole. */
  strayBytes(): string | undefined;
}

/** How long a socket stays open after its FIN if the server does not close its own side. */
const finReadWithinMs = 100;

/**
 * Limits interim responses such as 103 Early Hints: a server that sends more never gives its real
 * response.
 */
const mostInterimAnswers = 100;

/** The failure cause of a stream that received bytes, but never a whole event. */
export const noWholeEvent = 'no whole event';

/** A message may quote headers, which can have 16 KiB. */
const longestMessage = 200;

/**
 * Time for three SYNs, sent after 0, 1 and 3 s. It is shorter than the silence that a stream may
 * have.
 */
const connectWithinMs = 4_000;
const connector = buildConnector({ timeout: connectWithinMs, allowH2: false });

export function openStream(
  { url, headers, localAddress }: StreamRequest,
  observer: StreamObserver,
): OpenStream {
  let socket: Socket | undefined;
  let reading: Dispatcher.DispatchController | undefined;
  let reads: Reads | undefined;
  let body: Body | undefined;
  let isPaused = false;
  let isBusy = false;
  let isCompressed = false;
  let hadHeaders = false;
  let over = false;
  let bytesRead = 0;
  let interimAnswers = 0;

  const client = new Client(url.origin, {
    headersTimeout: 0,
    bodyTimeout: 0,
    ...(localAddress && { localAddress }),
    // undici hides the socket, so keep it when the connection is made.
    connect(options, callback) {
      connector(options, (...result) => {
        socket = result[1] ?? undefined;
        if (over) socket?.destroy();
        else if (socket) reads = watchReads(socket, (message) => fail('headers too long', message));
        callback(...result);
      });
    },
  });

  function drop() {
    reads?.release();
    socket?.destroy();
    void client.destroy();
  }
  function finish(report: () => void) {
    if (over) return;
    over = true;
    body?.close();
    report();
    drop();
  }
  function fail(cause: string, message: string) {
    finish(() => observer.failed(cause, textWithoutSecrets(message).slice(0, longestMessage)));
  }
  function failWith(error: Error) {
    const fault = hadHeaders ? undefined : faultIn(error, reads?.head() ?? '');
    fail(...(fault ?? [failureCause(error, hadHeaders), failureMessage(error)]));
  }

  function busy(now: boolean) {
    if (isBusy === now) return;
    isBusy = now;
    observer.busy?.(now);
    flow();
  }

  function flow() {
    if (isPaused || isBusy) reading?.pause();
    else reading?.resume();
  }

  /** Decodes all received bytes before the stream is over. */
  function afterBody(isWhole: boolean, then: () => void) {
    if (body && !over) body.end(isWhole, then);
    else then();
  }

  function ended() {
    const stray = body?.strayBytes();
    if (stray === undefined) finish(() => observer.ended());
    else fail(noWholeEvent, `${stray}; then the server ended the response`);
  }

  client.dispatch(
    { path: url.pathname + url.search, method: 'GET', headers },
    {
      onRequestStart() {}, // undici requires it
      onResponseStart(controller, status, responseHeaders, statusText) {
        if (over) return;
        reading = controller;
        const fault = faultOfAnswer(status, reads?.head() ?? '');
        if (fault) return fail(...fault);
        if (status < 200) {
          reads?.interim();
          if (++interimAnswers > mostInterimAnswers)
            fail(
              'no answer',
              `${mostInterimAnswers} × ${status} ${statusText} and no final response`,
            );
          return;
        }
        hadHeaders = true;
        reads?.body();
        const refusal = whyNoStream(status, statusText ?? '', responseHeaders, Date.now());
        if (refusal) return fail(...refusal);
        const encoding = compressionOf(encodingsOf(responseHeaders['content-encoding']));
        isCompressed = encoding !== undefined;
        body = readBody(encoding, observer, { busy, failed: fail });
        observer.headers(encoding);
      },
      onResponseData(_controller, chunk) {
        if (over) return;
        const readByNow = socket!.bytesRead;
        observer.body(chunk.length, readByNow !== bytesRead);
        bytesRead = readByNow;
        if (isCompressed) reads!.keep(); // another thread decodes it
        body!.feed(chunk);
      },
      onResponseEnd() {
        // undici's error for a reset depends on how the body ends; the socket has the real
        // error.
        const error = socket?.errored;
        if (error) afterBody(false, () => failWith(error));
        else afterBody(true, ended);
      },
      onResponseError: (_controller, error) =>
        afterBody(false, () => failWith(socket?.errored ?? error)),
    },
  );

  return {
    pause() {
      isPaused = true;
      flow();
    },
    resume() {
      isPaused = false;
      flow();
    },
    isBehind: () => body?.isBehind() ?? false,
    strayBytes: () => body?.strayBytes(),
    close(method, left = () => {}) {
      if (over) return left();
      over = true;
      body?.close();
      if (method === 'half-close') reading?.resume(); // also if the stream was paused
      closeSocket(socket, method, left, drop);
    },
  };
}

/**
 * Disconnects in the given way. A socket that is closed completely answers the server's next write
 * with a reset. A busy server would see that reset before it has read the FIN, so it gets time to
 * read the FIN first.
 */
function closeSocket(
  socket: Socket | undefined,
  method: StreamCloseMethod,
  left: () => void,
  drop: () => void,
) {
  if (socket && method !== 'reset') {
    socket.end(left);
    socket.once('close', drop);
    if (method === 'fin') setTimeout(drop, finReadWithinMs);
    return;
  }
  socket?.resetAndDestroy();
  left();
  drop();
}
