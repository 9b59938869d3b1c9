import { expect, test } from 'vitest';
import { plainRequest } from '../scenario/request-options.ts';
import { shownMessage } from './shown-message.ts';
import { requestsOf } from './stream-request.ts';

test('without templates, all streams share one request', () => {
  const requests = requestsOf('http://me:t%20o@127.0.0.1:1/event?a=b', {
    ...plainRequest,
    headers: { 'x-mine': 'yes' },
  });
  expect(requests(0)).toBe(requests(9));
  expect(requests(0)).toMatchObject({ method: 'GET', body: null, isElsewhere: false });
  expect(requests(0).headers).toEqual({
    accept: 'text/event-stream',
    'cache-control': 'no-cache',
    authorization: `Basic ${btoa('me:t o')}`,
    'x-mine': 'yes',
  });
});

test('each stream has the URL, the headers, the body and the credentials of its row', () => {
  const requests = requestsOf('http://{{user}}:x@127.0.0.1:1/{{user}}?n={{i}}', {
    ...plainRequest,
    method: 'POST',
    headers: { 'x-user': '{{user}}' },
    body: '{"user":"{{user}}","n":{{i}}}',
    rows: [{ user: 'ann' }, { user: 'b"/' }],
  });
  const { url, headers, body } = requests(3);
  expect(url.pathname + url.search).toBe('/b%22%2F?n=3');
  expect(headers).toMatchObject({
    'x-user': 'b"/',
    authorization: `Basic ${btoa('b"/:x')}`,
    'content-type': 'application/json',
  });
  expect(JSON.parse(body!)).toEqual({ user: 'b"/', n: 3 });
  expect(requests(2).body).toBe('{"user":"ann","n":2}');
});

test.each([
  ['{"a":1}', {}, 'application/json'],
  ['a=1', {}, 'text/plain;charset=utf-8'],
  [
    'a=1',
    { 'content-type': 'application/x-www-form-urlencoded' },
    'application/x-www-form-urlencoded',
  ],
])('the body %j with headers %j has the type %s', (body, headers, type) =>
  expect(
    requestsOf('http://a/', { ...plainRequest, headers, body })(0).headers['content-type'],
  ).toBe(type),
);

test('the values of a row are hidden in messages, also as they are written in a URL', () => {
  const rows = [{ token: 'a/b c', short: 'to', longer: 'a/b cd' }];
  const [templated, fixed] = ['http://a/{{token}}', 'http://a/'].map((url) =>
    requestsOf(url, { ...plainRequest, rows })(5),
  );
  const message = '404, to /x/a%2Fb%20c and a/b%20c from a/b cd, a/b c';
  expect(shownMessage(message, templated!)).toBe(
    '404, to /x/hidden and hidden from hidden, hidden',
  );
  expect(shownMessage(message, fixed!)).toBe(message);
});

test('everything secret that a server repeats is hidden in messages', () => {
  const request = requestsOf('http://a/event?ticket=t1ck%2Fet&interval=100ms', {
    ...plainRequest,
    method: 'POST',
    headers: {
      authorization: 'Bearer t0ken==',
      cookie: 's=c00kie; x=1',
      'user-agent': 'browser',
    },
    body: '{"topic":{"name":"t0pic!"}}',
  })(0);
  for (const secret of ['t1ck/et', 't1ck%2Fet', 't0ken==', 'c00kie', 't0pic!'])
    expect(shownMessage(`401 ${secret}, 100ms`, request)).toBe('401 hidden, 100ms');
  const harmless = '404 topic, name, Bearer, s=, browser, text/event-stream, 1';
  expect(shownMessage(harmless, request)).toBe(harmless);
});
