/**
 * One stream: a request, its response, and the events in it. The interface is small on purpose, so that
 * another way of reading a socket can take the place of undici where a measurement shows that it pays.
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
  /** The address to connect from, where the ports of one do not suffice. */
  localAddress: string | undefined;
}

/** What happens to a stream, in this order; `ended` and `failed` are final, and nothing follows `close()`. */
export interface StreamObserver extends BodyObserver {
  /** The answer is an event stream. @param encoding of its body, if that is compressed */
  headers(encoding?: string): void;
  /**
   * This many bytes of body came, as they were sent. The events in them follow at once. In a
   * compressed stream they follow when they are decoded, a tenth of a millisecond later.
   *
   * @param newRead whether they are the first that came out of one read of the socket
   */
  body(bytes: number, newRead: boolean): void;
  /** We read no more of it, since what it sent is not decoded yet; or read on. Silence in between is ours. */
  busy?(isBusy: boolean): void;
  /** The server ended the response. */
  ended(): void;
  failed(cause: string, message: string): void;
}

export type StreamCloseMethod = Exclude<CloseMethod, 'kill'>;

export interface OpenStream {
  /**
   * Leaves, as a page does that is closed (`fin`); saying so and reading on (`half-close`); or without any courtesy
   * (`reset`). A connection that is still
   * being made is dropped as soon as it is there.
   *
   * @param left called when the system has been told so
   */
  close(method: StreamCloseMethod, left?: () => void): void;
  /** Reads no more until told to: what the server sends fills the buffers on the way, and then waits in the server. */
  pause(): void;
  resume(): void;
  /** Whether bytes came that we have not decoded yet, or had not when it was closed. */
  isBehind(): boolean;
  /** How many bytes came, in words, if they were of events and none of these was whole. */
  strayBytes(): string | undefined;
}

/** How long a socket stays open after its FIN, where the server does not close its own side. */
const finReadWithinMs = 100;

/** Answers before the answer, such as 103 Early Hints: who sends more of them never comes to the point. */
const mostInterimAnswers = 100;

/** The cause of a failure: bytes came, but never a whole event. */
export const noWholeEvent = 'no whole event';

/** Headers come in messages, and may have 16 KiB. */
const longestMessage = 200;

/** Time for three tries, after 0, 1 and 3 s; and less than a stream may be silent. */
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
    // undici hides the socket; who makes the connection keeps it.
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

  /** Everything that came is decoded before the stream is over. */
  function afterBody(isWhole: boolean, then: () => void) {
    if (body && !over) body.end(isWhole, then);
    else then();
  }

  function ended() {
    const stray = body?.strayBytes();
    if (stray === undefined) finish(() => observer.ended());
    else fail(noWholeEvent, `${stray}, when the server ended the response`);
  }

  client.dispatch(
    { path: url.pathname + url.search, method: 'GET', headers },
    {
      onRequestStart() {}, // undici insists
      onResponseStart(controller, status, responseHeaders, statusText) {
        if (over) return;
        reading = controller;
        const fault = faultOfAnswer(status, reads?.head() ?? '');
        if (fault) return fail(...fault);
        if (status < 200) {
          reads?.interim();
          if (++interimAnswers > mostInterimAnswers)
            fail('no answer', `${mostInterimAnswers} × ${status} ${statusText}, and no end of it`);
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
        // What undici makes of a reset depends on how the end of the body is told; the socket knows.
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
      if (method === 'half-close') reading?.resume(); // also who did not read
      leave(socket, method, left, drop);
    },
  };
}

/**
 * Tells the other side in the way that was asked for. Who closes a socket altogether answers whatever the server
 * writes next with a reset, and a busy server meets that before it has read the FIN: so it gets the time to do so.
 */
function leave(
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
