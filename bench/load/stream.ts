/**
 * One stream: a request, its response, and the events in it. The interface is small on purpose, so that
 * another way of reading a socket can take the place of undici where a measurement shows that it pays.
 */
import type { Socket } from 'node:net';
import { StringDecoder } from 'node:string_decoder';
import { createParser } from 'eventsource-parser';
import { buildConnector, Client } from 'undici';
import { failureCause } from './failure.ts';

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
  /** This many bytes of body came; the events in them follow at once. */
  body(bytes: number): void;
  event(data: string): void;
  comment(): void;
  /** The server ended the response. */
  ended(): void;
  failed(cause: string, message: string): void;
}

export interface OpenStream {
  /** Leaves: closes the socket at once, as a browser does whose page goes away. */
  close(): void;
}

const eventStream = /^text\/event-stream\s*(;|$)/i;
/** The longest event that we keep in memory while it is incomplete. */
const longestEventCharacters = 16 * 2 ** 20;
const connector = buildConnector({ timeout: 10_000, allowH2: false });

export function openStream({ url, headers, localAddress }: StreamRequest, observer: StreamObserver): OpenStream {
  let socket: Socket | undefined;
  let hadHeaders = false;
  let over = false;

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

  function finish(report?: () => void) {
    if (over) return;
    over = true;
    report?.();
    socket?.destroy();
    void client.destroy();
  }
  const fail = (cause: string, message: string) => finish(() => observer.failed(cause, message));

  const decoder = new StringDecoder('utf8');
  const parser = createParser({
    maxBufferSize: longestEventCharacters,
    onEvent: ({ data }) => observer.event(data),
    onComment: () => observer.comment(),
    onError(error) {
      if (error.type === 'max-buffer-size-exceeded') fail('event too long', error.message);
    },
  });

  client.dispatch(
    { path: url.pathname + url.search, method: 'GET', headers },
    {
      onRequestStart() {}, // undici insists
      onResponseStart(_controller, status, responseHeaders, statusText) {
        if (over || status < 200) return;
        hadHeaders = true;
        const type = String(responseHeaders['content-type'] ?? '');
        if (status !== 200) fail(`status ${status}`, `${status} ${statusText ?? ''}`.trim());
        else if (!eventStream.test(type)) fail('not an event stream', `Content-Type: ${type || '(none)'}`);
        else observer.headers();
      },
      onResponseData(_controller, chunk) {
        if (over) return;
        observer.body(chunk.length);
        parser.feed(decoder.write(chunk));
      },
      onResponseEnd: () => finish(() => observer.ended()),
      onResponseError: (_controller, error) => fail(failureCause(error, hadHeaders), error.message),
    },
  );

  return { close: () => finish() };
}
