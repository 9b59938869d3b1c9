import { expect, test } from 'vitest';
import { beginsLikeHttp2 } from './http2.ts';

test.each([
  ['SETTINGS without values', '000000040000000000'],
  ['SETTINGS of Node with a value', '000006040000000000000300000064'],
  ['the acknowledgement of SETTINGS', '000000040100000000'],
])('%s begin HTTP/2', (_name, hex) => expect(beginsLikeHttp2(Buffer.from(hex, 'hex'))).toBe(true));

test.each([
  ['HTTP/1.1', Buffer.from('HTTP/1.1 200 OK\r\n\r\n')],
  ['nothing', Buffer.alloc(0)],
  ['a part of the head of a frame', Buffer.from('0000000400', 'hex')],
  ['a frame of a stream', Buffer.from('000000040000000001', 'hex')],
  ['a frame with data', Buffer.from('000000000000000000', 'hex')],
])('%s does not', (_name, bytes) => expect(beginsLikeHttp2(bytes)).toBe(false));
