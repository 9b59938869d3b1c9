/** How requests use TLS: whom they trust, what they present to which origin, and what they resume. */
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import type { RequestOptions } from '../scenario/request-options.ts';
import { trustOf } from './sockets.ts';
import type { StreamRequest } from './stream-request.ts';
import { createTlsSessions, type TlsSessions } from './tls-sessions.ts';

/** The part of a request that determines its TLS. */
export type TlsRequest = Pick<StreamRequest, 'url' | 'options' | 'isElsewhere'>;

/** TLS options and sessions that the requests of one load share. */
interface Tls {
  own?: ConnectionOptions;
  elsewhere?: ConnectionOptions;
  sessions: Map<string, TlsSessions>;
}

const known = new WeakMap<RequestOptions, Tls>();

function tlsOf(options: RequestOptions): Tls {
  let tls = known.get(options);
  if (!tls) known.set(options, (tls = { sessions: new Map() }));
  return tls;
}

/**
 * The TLS options of a request. Requests with the same options share them, because reading the
 * certificates takes about 10 ms. After a redirect to another origin, a client presents nothing, as
 * it sends no credentials there.
 */
export function tlsOptionsOf({ options, isElsewhere }: TlsRequest): ConnectionOptions {
  const tls = tlsOf(options);
  return isElsewhere
    ? (tls.elsewhere ??= trustOf({ ...options, clientCertificate: null, serverName: null }))
    : (tls.own ??= trustOf(options));
}

/**
 * Lets a socket resume the session of an earlier request with the same options to the same origin,
 * unless its options forbid that. Must be called before the socket is connected.
 */
export function resumeTls({ url, options, isElsewhere }: TlsRequest, socket: TLSSocket): void {
  if (!options.resumesTls) return;
  const { sessions } = tlsOf(options);
  const origin = `${url.origin} ${isElsewhere}`;
  let ofOrigin = sessions.get(origin);
  if (!ofOrigin) sessions.set(origin, (ofOrigin = createTlsSessions()));
  ofOrigin.use(socket);
}
