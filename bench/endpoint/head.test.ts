import { expect, test } from 'vitest';
import { withoutInterim } from './head.ts';

test.each([
  [
    'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\n\r\n',
    'HTTP/1.1 200 OK\r\n\r\n',
  ],
  ['HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 P\r\n\r\n', ''],
  ['HTTP/1.1 103 Early Hints\r\nLink', 'HTTP/1.1 103 Early Hints\r\nLink'],
  ['HTTP/1.1 200 OK\r\n\r\ndata', 'HTTP/1.1 200 OK\r\n\r\ndata'],
])('%j without interim responses', (text, expected) => {
  expect(withoutInterim(text)).toBe(expected);
});
