import { expect, test } from 'vitest';
import { plainRequest, type RequestOptions } from '../../scenario/request-options.ts';
import { requestsOf } from '../stream-request.ts';
import { requestBytes } from './request-bytes.ts';

const textOf = (url: string, options: Partial<RequestOptions> = {}) =>
  String(requestBytes(requestsOf(url, { ...plainRequest, ...options })(0)));

test('a plain request', () =>
  expect(textOf('http://localhost:3000/event?a=b')).toBe(
    'GET /event?a=b HTTP/1.1\r\nhost: localhost:3000\r\nconnection: keep-alive\r\n' +
      'accept: text/event-stream\r\ncache-control: no-cache\r\n\r\n',
  ));

test('a body has its length in bytes', () =>
  expect(textOf('http://localhost/', { method: 'POST', body: 'grüße' })).toMatch(
    /^POST \/ HTTP\/1\.1\r\n(.+\r\n)*content-length: 7\r\n\r\ngrüße$/,
  ));

test.each(['POST', 'PUT', 'PATCH'])('%s without a body says that its body is empty', (method) =>
  expect(textOf('http://localhost/', { method })).toMatch(/\r\ncontent-length: 0\r\n\r\n$/),
);

test('a host header replaces the host of the URL', () => {
  const text = textOf('http://127.0.0.1:80/', { headers: { host: 'example.org' } });
  expect(text.match(/host: .*/g)).toEqual(['host: example.org']);
});

test.each([
  ['a line end', { 'x-id': '1\r\nx-admin: yes' }],
  ['a letter that is not Latin', { 'x-id': '字' }],
])('a header with %s is refused', (_what, headers) =>
  expect(() => textOf('http://localhost/', { headers })).toThrow(/Invalid character/),
);
