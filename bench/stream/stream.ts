/**
 * One stream: a request, its response, and its events. Our own reader of sockets carries it, or
 * undici if our own cannot: over TLS. node:http2 carries streams of HTTP/2.
 */
import type { Transport } from '../scenario/scenario.ts';
import { followRedirects, type HopObserver } from './follow-redirects.ts';
import { openWithHttp2 } from './http2-stream.ts';
import type { OpenStream, StreamObserver } from './observer.ts';
import { openOnSocket } from './socket/socket-stream.ts';
import type { StreamRequest } from './stream-request.ts';
import { openWithUndici } from './undici-stream.ts';

export { noWholeEvent } from './stream-response.ts';
export type { OpenStream, StreamObserver };

/**
 * Opens a stream. If its request follows redirects, the first other response counts.
 *
 * @param transport how streams of HTTP/1.1 without TLS are read
 */
export function openStream(
  request: StreamRequest,
  observer: StreamObserver,
  transport: Transport = 'socket',
): OpenStream {
  const openHttp1 = (hop: StreamRequest, hopObserver: HopObserver) =>
    transport === 'undici' || hop.url.protocol === 'https:'
      ? openWithUndici(hop, hopObserver)
      : openOnSocket(hop, hopObserver);
  const openOnce = request.options.http2 ? openWithHttp2 : openHttp1;
  return request.options.followsRedirects
    ? followRedirects(request, observer, openOnce)
    : openOnce(request, observer);
}
