/** The bytes of an HTTP/1.1 request. Pure. */
import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { StreamRequest } from '../stream-request.ts';

/** Methods whose requests have a body, which may be empty (RFC 9110, section 8.6). */
const methodsWithBody = new Set(['POST', 'PUT', 'PATCH']);

/** The bytes of requests that many streams share. */
const known = new WeakMap<StreamRequest, Buffer>();

/** @throws if a header has a character that HTTP forbids */
export function requestBytes(request: StreamRequest): Buffer {
  if (request.row !== undefined) return encode(request); // a request of its own for each stream
  let bytes = known.get(request);
  if (!bytes) known.set(request, (bytes = encode(request)));
  return bytes;
}

function encode({ url, method, headers, body }: StreamRequest): Buffer {
  const lines = [`${method} ${url.pathname}${url.search} HTTP/1.1`];
  if (headers.host === undefined) lines.push(`host: ${url.host}`);
  lines.push('connection: keep-alive');
  for (const [name, value] of Object.entries(headers)) {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    lines.push(`${name}: ${value}`);
  }
  const content = Buffer.from(body ?? '');
  if (body !== null || methodsWithBody.has(method)) lines.push(`content-length: ${content.length}`);
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  return content.length === 0 ? head : Buffer.concat([head, content]);
}
