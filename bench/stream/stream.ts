/**
 * One stream: a request, its response, and the events in it. The interface is small on purpose, so that
 * another way of reading a socket can take the place of undici where a measurement shows that it pays.
 */
import type { Socket } from 'node:net';
import { buildConnector, Client, type Dispatcher } from 'undici';
import type { DisconnectMode } from '../scenario/scenario.ts';
import { faultIn, faultOfAnswer, whyNoStream } from './answer.ts';
import { compressionOf, createDecoder, encodingsOf, type Decoder } from './encoding.ts';
import { createEventReader } from './events.ts';
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
export interface StreamObserver {
  /** The answer is an event stream. @param encoding in which it is compressed; undefined if it is not */
  headers(encoding?: string): void;
  /**
   * This many bytes of body came, as they were sent. The events in them follow at once; of a compressed stream, as soon
   * as they are decoded and before the next bytes, unless these come within that time.
   *
   * @param newRead whether they are the first that came out of one read of the socket
   */
  body(bytes: number, newRead: boolean): void;
  /** This many bytes were decoded of a compressed body. */
  decoded?(bytes: number): void;
  event(data: string): void;
  comment(): void;
  /** Who comes again says this; nothing where it is empty. */
  id?(id: string): void;
  /** How long the server asks to wait before one comes again, in milliseconds. */
  retry?(waitMs: number): void;
  /** The server ended the response. */
  ended(): void;
  failed(cause: string, message: string): void;
}

export type WayOut = Exclude<DisconnectMode, 'kill'>;

export interface OpenStream {
  /**
   * Leaves, as a page does that is closed (`fin`); saying so and reading on (`half-close`); or without any courtesy
   * (`reset`). A connection that is still
   * being made is dropped as soon as it is there.
   *
   * @param left called when the system has been told so
   */
  close(way: WayOut, left?: () => void): void;
  /** Reads no more until told to: what the server sends fills the buffers on the way, and then waits in the server. */
  pause(): void;
  resume(): void;
  /** How many bytes came, in words, if they were of events and none of these was whole. */
  strayBytes(): string | undefined;
}

/** How long a socket stays open after its FIN, where the server does not close its own side. */
const finReadWithinMs = 100;

/** Answers before the answer, such as 103 Early Hints: who sends more of them never comes to the point. */
const mostInterimAnswers = 100;

/** A compressed event that does not end is a bomb if it came out of less than this part of its bytes. */
const bombRatio = 100;

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
  let decoder: Decoder | undefined;
  let encoding: string | undefined;
  let isPaused = false;
  let isBusy = false;
  let hadHeaders = false;
  let over = false;
  let bytesRead = 0;
  let bodyBytes = 0;
  let decodedBytes = 0;
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
    reader.close();
    decoder?.close();
    report();
    drop();
  }
  const fail = (cause: string, message: string) =>
    finish(() => observer.failed(cause, textWithoutSecrets(message).slice(0, longestMessage)));
  const failWith = (error: Error) =>
    fail(
      ...((!hadHeaders && faultIn(error, reads?.head() ?? '')) || [
        failureCause(error, hadHeaders),
        failureMessage(error),
      ]),
    );
  const reader = createEventReader({
    ...observer,
    tooLong: (message) => fail(...whyTooLong(message)),
  });

  function whyTooLong(message: string): [cause: string, message: string] {
    if (encoding === undefined) return ['event too long', message];
    const cause = decodedBytes > bombRatio * bodyBytes ? 'decompression bomb' : 'event too long';
    return [
      cause,
      `${message}: ${inBytes(decodedBytes)} out of ${inBytes(bodyBytes)} of ${encoding}`,
    ];
  }

  function decode(name: string): Decoder {
    return createDecoder(name, {
      decoded(bytes) {
        decodedBytes += bytes.length;
        observer.decoded?.(bytes.length);
        reader.feed(bytes);
      },
      busy(now) {
        isBusy = now;
        flow();
      },
      failed: fail,
    });
  }

  function flow() {
    if (isPaused || isBusy) reading?.pause();
    else reading?.resume();
  }

  /** No more will come. What came is decoded first. */
  function afterBody(isWhole: boolean, then: () => void) {
    if (decoder && !over) decoder.end(isWhole, then);
    else then();
  }

  function strayBytes(): string | undefined {
    if (encoding !== undefined && bodyBytes > 0 && decodedBytes === 0)
      return `${inBytes(bodyBytes)} of ${encoding}, and nothing to decode from them: the server may not flush after each event`;
    const bytes = reader.strayBytes();
    return bytes > 0 ? `${inBytes(bytes)}, and no whole event in them` : undefined;
  }

  function ended() {
    const stray = strayBytes();
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
        encoding = compressionOf(encodingsOf(responseHeaders['content-encoding']));
        if (encoding !== undefined) decoder = decode(encoding);
        observer.headers(encoding);
      },
      onResponseData(_controller, chunk) {
        if (over) return;
        const readByNow = socket!.bytesRead;
        bodyBytes += chunk.length;
        observer.body(chunk.length, readByNow !== bytesRead);
        bytesRead = readByNow;
        if (decoder) decoder.feed(chunk);
        else reader.feed(chunk);
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
    strayBytes,
    close(way, left = () => {}) {
      if (over) return left();
      over = true;
      reader.close();
      decoder?.close();
      if (way === 'half-close') reading?.resume(); // also who did not read
      leave(socket, way, left, drop);
    },
  };
}

const inBytes = (bytes: number) => `${bytes.toLocaleString('en-US')} bytes`;

/**
 * Tells the other side in the way that was asked for. Who closes a socket altogether answers whatever the server
 * writes next with a reset, and a busy server meets that before it has read the FIN: so it gets the time to do so.
 */
function leave(socket: Socket | undefined, way: WayOut, left: () => void, drop: () => void) {
  if (socket && way !== 'reset') {
    socket.end(left);
    socket.once('close', drop);
    if (way === 'fin') setTimeout(drop, finReadWithinMs);
    return;
  }
  socket?.resetAndDestroy();
  left();
  drop();
}
