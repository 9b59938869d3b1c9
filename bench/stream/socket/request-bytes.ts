/** The bytes of an HTTP/1.1 request. Pure. */
import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { StreamRequest } from '../stream-request.ts';

/** Methods whose requests have a body, which may be empty (RFC 9110, section 8.6). */
const methodsWithBody = new Set(['POST', 'PUT', 'PATCH']);

/** @throws if a header has a character that HTTP forbids */
export function requestBytes({ url, method, headers, body }: StreamRequest): Buffer {
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
