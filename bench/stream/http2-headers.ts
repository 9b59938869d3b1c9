/** The headers of HTTP/2 requests. Pure. */
import type { OutgoingHttpHeaders } from 'node:http2';
import { connectionHeaders } from '../scenario/request-options.ts';
import type { StreamRequest } from './stream-request.ts';

/** The headers of requests that many streams share. */
const known = new WeakMap<StreamRequest, OutgoingHttpHeaders>();

export function http2HeadersOf(request: StreamRequest): OutgoingHttpHeaders {
  if (request.row !== undefined) return createHeaders(request);
  let headers = known.get(request);
  if (!headers) known.set(request, (headers = createHeaders(request)));
  return headers;
}

function createHeaders({ url, method, headers, body }: StreamRequest): OutgoingHttpHeaders {
  return {
    ':method': method,
    ':scheme': url.protocol.slice(0, -1),
    ':authority': headers.host ?? url.host,
    ':path': url.pathname + url.search,
    ...Object.fromEntries(Object.entries(headers).filter(([name]) => !isOfConnection(name))),
    ...(body !== null && { 'content-length': Buffer.byteLength(body) }),
  };
}

/** The name of the host becomes `:authority`. */
const isOfConnection = (name: string) => name === 'host' || connectionHeaders.has(name);
