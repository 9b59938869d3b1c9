/**
 * One stream: a request, its response, and the events in it. The interface is small on purpose, so that
 * another way of reading a socket can take the place of undici where a measurement shows that it pays.
 */
import type { Socket } from 'node:net';
import { buildConnector, Client, type Dispatcher } from 'undici';
import type { DisconnectMode } from '../scenario/scenario.ts';
import { createEventReader } from './events.ts';
import { textWithoutSecrets, urlWithoutSecrets } from '../scenario/secrets.ts';
import { failureCause, failureMessage } from './failure.ts';

export interface StreamRequest {
  url: URL;
  headers: Record<string, string>;
  /** The address to connect from, where the ports of one do not suffice. */
  localAddress: string | undefined;
}

/** What happens to a stream, in this order; `ended` and `failed` are final, and nothing follows `close()`. */
export interface StreamObserver {
  /** The answer is an event stream. */
  headers(): void;
  /**
   * This many bytes of body came; the events in them follow at once.
   *
   * @param newRead whether they are the first that came out of one read of the socket
   */
  body(bytes: number, newRead: boolean): void;
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
}

const eventStream = /^text\/event-stream\s*(;|$)/i;

/** How long a socket stays open after its FIN, where the server does not close its own side. */
const finReadWithinMs = 100;

/** Answers before the answer, such as 103 Early Hints: who sends more of them never comes to the point. */
const mostInterimAnswers = 100;

/** Headers come in messages, and may have 16 KiB. */
const longestMessage = 200;

/** Time for three tries, after 0, 1 and 3 s; and less than a stream may be silent. */
const connectWithinMs = 4_000;
const connector = buildConnector({ timeout: connectWithinMs, allowH2: false });

export function openStream({ url, headers, localAddress }: StreamRequest, observer: StreamObserver): OpenStream {
  let socket: Socket | undefined;
  let reading: Dispatcher.DispatchController | undefined;
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
        callback(...result);
      });
    },
  });

  function drop() {
    socket?.destroy();
    void client.destroy();
  }
  function finish(report: () => void) {
    if (over) return;
    over = true;
    reader.close();
    report();
    drop();
  }
  const fail = (cause: string, message: string) => finish(() => observer.failed(cause, textWithoutSecrets(message).slice(0, longestMessage)));
  const failWith = (error: Error) => fail(failureCause(error, hadHeaders), failureMessage(error));
  const reader = createEventReader({ ...observer, tooLong: (message) => fail('event too long', message) });

  client.dispatch(
    { path: url.pathname + url.search, method: 'GET', headers },
    {
      onRequestStart() {}, // undici insists
      onResponseStart(controller, status, responseHeaders, statusText) {
        if (over) return;
        reading = controller;
        if (status < 200) {
          if (++interimAnswers > mostInterimAnswers) fail('no answer', `${mostInterimAnswers} × ${status} ${statusText}, and no end of it`);
          return;
        }
        hadHeaders = true;
        const refusal = whyNoStream(status, statusText ?? '', responseHeaders);
        if (refusal) fail(...refusal);
        else observer.headers();
      },
      onResponseData(_controller, chunk) {
        if (over) return;
        const readByNow = socket!.bytesRead;
        observer.body(chunk.length, readByNow !== bytesRead);
        bytesRead = readByNow;
        reader.feed(chunk);
      },
      // What undici makes of a reset depends on how the end of the body is told; the socket knows.
      onResponseEnd: () => (socket?.errored ? failWith(socket.errored) : finish(() => observer.ended())),
      onResponseError: (_controller, error) => failWith(socket?.errored ?? error),
    },
  );

  return {
    pause: () => reading?.pause(),
    resume: () => reading?.resume(),
    close(way, left = () => {}) {
      if (over) return left();
      over = true;
      reader.close();
      if (way === 'half-close') reading?.resume(); // also who did not read
      leave(socket, way, left, drop);
    },
  };
}

/** Why an answer is no event stream: the cause, and what the server said. */
function whyNoStream(status: number, statusText: string, headers: Dispatcher.ResponseData['headers']): [string, string] | undefined {
  const said = `${status} ${statusText}`.trim();
  if (status >= 300 && status < 400 && headers.location) return [`status ${status}`, `${said}, to ${urlWithoutSecrets(String(headers.location))}`];
  if (status !== 200) return [`status ${status}`, said];
  const type = String(headers['content-type'] ?? '');
  if (!eventStream.test(type)) return ['not an event stream', `Content-Type: ${type || '(none)'}`];
  const encoding = String(headers['content-encoding'] ?? 'identity');
  if (encoding !== 'identity') return ['compressed', `Content-Encoding: ${encoding}`];
  return undefined;
}

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
