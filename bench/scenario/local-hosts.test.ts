import { expect, test } from 'vitest';
import { isLocal, isLocalHost } from './local-hosts.ts';
import { plainRequest } from './request-options.ts';

const addresses = ['192.168.1.7', '[fd00::7]'];

test.each([
  'http://127.0.0.1:3000/event',
  'http://127.7/',
  'http://2130706433/',
  'http://localhost/',
  'http://LOCALHOST./',
  'http://app.localhost:3000/',
  'http://[::1]:3000/',
  'http://[0:0:0:0:0:0:0:1]/',
  'http://[::]/',
  'http://[::ffff:127.0.0.1]/',
  'http://0.0.0.0:3000/',
  'http://0/',
  'http://192.168.1.7/',
  'http://[fd00:0::7]/',
])('%s is on this machine', (url) => expect(isLocalHost(new URL(url), addresses)).toBe(true));

test.each([
  'http://example.com/',
  'http://192.168.1.8/',
  'http://[fd00::8]/',
  'http://127.0.0.1.example.com/',
  'http://localhost.example.com/',
  'http://notlocalhost/',
  'http://app:3000/',
  'http://localhost@example.com/',
  'http://[::ffff:10.0.0.1]/',
])('%s is not', (url) => expect(isLocalHost(new URL(url), addresses)).toBe(false));

test('a Unix socket is on this machine, with any host in the URL', () => {
  const request = { ...plainRequest, socketPath: '/run/app.sock' };
  expect(isLocal({ url: 'http://example.com/', request })).toBe(true);
  expect(isLocal({ url: 'http://example.com/', request: plainRequest })).toBe(false);
});
