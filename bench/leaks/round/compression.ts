/**
 * Opens a stream as a browser does, which accepts compression. A server that compresses without
 * flushing sends nothing to browsers, although it sends events to other clients.
 */
import type { RequestOptions } from '../../scenario/request-options.ts';
import { openStream, type OpenStream } from '../../stream/stream.ts';
import { requestsOf } from '../../stream/stream-request.ts';

const browserEncodings = 'gzip, deflate, br, zstd';

/** Where and how long to ask for a stream. */
interface Asked {
  url: string;
  request: RequestOptions;
  /** How long to wait for an event. */
  withinMs: number;
}

export interface Compression {
  /** The request of clients that accept the same as browsers, as far as events arrive then. */
  request: RequestOptions;
  /** The observation if events arrive only without compression. */
  unexpected: string | undefined;
}

/**
 * Sends at most two requests. If the request has its own `Accept-Encoding`, it stays as it is.
 *
 * @throws if the signal is aborted
 */
export async function tryCompression(asked: Asked, signal: AbortSignal): Promise<Compression> {
  const { request, withinMs } = asked;
  if ('accept-encoding' in request.headers) return { request, unexpected: undefined };
  const accepting = {
    ...request,
    headers: { ...request.headers, 'accept-encoding': browserEncodings },
  };
  const compressed = await observe({ ...asked, request: accepting }, true, signal);
  if (compressed === 'not compressed') return { request, unexpected: undefined };
  if (compressed === 'event') return { request: accepting, unexpected: undefined };
  const plain = await observe(asked, false, signal);
  const got =
    compressed === 'silent' ? `no event arrived within ${withinMs / 1_000} s` : compressed.failure;
  return {
    request,
    unexpected:
      plain === 'event'
        ? `with Accept-Encoding: ${browserEncodings}, as browsers send it: ${got}. Events arrive without it. Do not compress text/event-stream, or flush after each event`
        : undefined,
  };
}

type Observed = 'event' | 'silent' | 'not compressed' | { failure: string };

/** @param onlyCompressed whether a response without compression ends it */
function observe(
  { url, request, withinMs }: Asked,
  onlyCompressed: boolean,
  signal: AbortSignal,
): Promise<Observed> {
  return new Promise((resolve, reject) => {
    let stream: OpenStream | undefined;
    const timer = setTimeout(() => finish('silent'), withinMs);
    const abort = () => {
      settle();
      stream?.close('fin');
      reject(signal.reason as Error);
    };
    function settle() {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    }
    function finish(observed: Observed) {
      settle();
      if (stream) stream.close('fin', () => resolve(observed));
      else resolve(observed);
    }
    signal.addEventListener('abort', abort);
    if (signal.aborted) return abort();
    stream = openStream(requestsOf(url, request)(0), {
      headers: (encoding) => {
        if (onlyCompressed && encoding === undefined) finish('not compressed');
      },
      body() {},
      event: () => finish('event'),
      comment: () => finish('event'),
      ended: () => finish('silent'),
      failed: (cause, message) => finish({ failure: `${cause} (${message})` }),
    });
  });
}
