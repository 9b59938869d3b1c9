import { expect, test } from 'vitest';
import { headerLineWithoutSecrets, headersWithoutSecrets, urlWithoutSecrets } from './secrets.ts';

test.each([
  ['http://127.0.0.1:3000/event?interval=50&stamp', 'http://127.0.0.1:3000/event?interval=50&stamp'],
  ['http://user:pw@host/event', 'http://host/event'],
  ['http://host/event?access_token=s3cret&a=b', 'http://host/event?access_token=hidden&a=b'],
  ['express', 'express'],
])('%s is shown as %s', (text, shown) => expect(urlWithoutSecrets(text)).toBe(shown));

test.each([
  ['Authorization: Bearer a:b', 'Authorization: (not saved)'],
  ['X-Api-Key: abc', 'X-Api-Key: (not saved)'],
  ['X-Plain:  a: b', 'X-Plain: a: b'],
])('%s is shown as %s', (line, shown) => expect(headerLineWithoutSecrets(line)).toBe(shown));

test('headers keep their names', () =>
  expect(headersWithoutSecrets({ cookie: 'a', accept: 'b' })).toEqual({ cookie: '(not saved)', accept: 'b' }));
