/**
 * One stream: a request, its response, and its events. Our own reader of sockets carries it, or
 * undici if our own cannot: over TLS.
 */
import type { Transport } from '../scenario/request-options.ts';
import { followRedirects, type HopObserver } from './follow-redirects.ts';
import type { OpenStream, StreamObserver } from './observer.ts';
import { openOnSocket } from './socket/socket-stream.ts';
import type { StreamRequest } from './stream-request.ts';
import { openWithUndici } from './undici-stream.ts';

export { noWholeEvent } from './answered.ts';
export type { OpenStream, StreamObserver };

/** Opens a stream. If its request follows redirects, the first other response counts. */
export function openStream(request: StreamRequest, observer: StreamObserver): OpenStream {
  return request.options.followsRedirects
    ? followRedirects(request, observer, openOnce)
    : openOnce(request, observer);
}

/** Opens one request on its own connection. */
function openOnce(request: StreamRequest, observer: HopObserver): OpenStream {
  return transportOf(request) === 'undici'
    ? openWithUndici(request, observer)
    : openOnSocket(request, observer);
}

/** What reads a stream of this request: our own reader has no TLS. */
export const transportOf = ({ url, options }: StreamRequest): Transport =>
  url.protocol === 'https:' ? 'undici' : (options.transport ?? 'socket');
