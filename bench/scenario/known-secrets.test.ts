import { expect, test } from 'vitest';
import { secretsInRequest, secretsOfServer, withoutKnownSecrets } from './known-secrets.ts';
import { plainRequest } from './request-options.ts';

const server = {
  url: 'http://me:us%2Fr+pw@127.0.0.1/event?ticket=t1ck%2Fet&interval=100ms&room={{room}}',
  request: {
    ...plainRequest,
    headers: {
      authorization: 'Bearer t0ken==',
      cookie: 'session=c00kie; lang=en',
      'user-agent': 'browser',
    },
    body: '{"topic":{"name":"t0pic!"}}',
    rows: [{ room: 'general', age: '41' }],
  },
  process: {
    kind: 'command',
    command: ['node', 'server.js'],
    cwd: null,
    env: { PASSWORD: 'pa$$w0rd', PORT: '3000' },
    readyWhen: null,
    readyWithinMs: 1,
  },
} as const;
const shown = (text: string) => withoutKnownSecrets(text, secretsOfServer(server));

test.each([
  'us/r+pw',
  't1ck/et',
  't1ck%2Fet',
  't0ken==',
  'Bearer t0ken==',
  'c00kie',
  server.request.headers.cookie,
  't0pic!',
  server.request.body,
  'general',
  'pa$$w0rd',
])('%s is hidden in the output of the server', (secret) =>
  expect(shown(`refused <${secret}>`)).toBe('refused <hidden>'),
);

test.each(['Bearer', 'topic, name', '100ms', 'browser', 'en, 41', 'port 3000', 'session', ''])(
  '%s is shown',
  (text) => expect(shown(text)).toBe(text),
);

test('a body that is not JSON is hidden as a whole', () =>
  expect(
    withoutKnownSecrets(
      'no such topic: news of today',
      secretsOfServer({ ...server, request: { ...plainRequest, body: 'news of today' } }),
    ),
  ).toBe('no such topic: hidden'));

test('a URL with an invalid escape is no problem', () =>
  expect(
    secretsInRequest({ url: new URL('http://a:100%25%@127.0.0.1/'), headers: {}, body: null }),
  ).toEqual(['100%25%']));
