/** How requests use TLS: whom they trust, and what they present to which origin. */
import type { ConnectionOptions } from 'node:tls';
import type { RequestOptions } from '../scenario/request-options.ts';
import { trustOf } from './sockets.ts';
import type { StreamRequest } from './stream-request.ts';

const known = new WeakMap<
  RequestOptions,
  { own?: ConnectionOptions; elsewhere?: ConnectionOptions }
>();

/**
 * The TLS options of a request. Requests with the same options share them, because reading the
 * certificates takes about 10 ms. After a redirect to another origin, a client presents nothing, as
 * it sends no credentials there.
 */
export function tlsOptionsOf({
  options,
  isElsewhere,
}: Pick<StreamRequest, 'options' | 'isElsewhere'>): ConnectionOptions {
  let all = known.get(options);
  if (!all) known.set(options, (all = {}));
  return isElsewhere
    ? (all.elsewhere ??= trustOf({ ...options, clientCertificate: null, serverName: null }))
    : (all.own ??= trustOf(options));
}
