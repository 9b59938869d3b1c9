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

/** A server's text without the secrets of this body. */
const shownBeside = (body: string, text: string) =>
  withoutKnownSecrets(text, secretsOfServer({ ...server, request: { ...plainRequest, body } }));
const long = 'Tell me about servers. '.repeat(1_000);

test.each([
  ['JSON', '{"user":"m","api_key":"sekr3t-of-body"}'],
  ['JSON with an authentication scheme', '{"auth":"Bearer sekr3t-of-body"}'],
  ['JSON with templates outside of its texts', '{"id":{{i}},"api_key":"sekr3t-of-body"}'],
  ['a long prompt', JSON.stringify({ apiKey: 'sekr3t-of-body', messages: [{ content: long }] })],
  [
    'a long prompt, and a name within a name',
    JSON.stringify({ messages: [{ content: long }], config: { 'x-auth-token': 'sekr3t-of-body' } }),
  ],
  ['a form', 'user=m&api_key=sekr3t-of-body&n=1'],
  ['a form with an encoded value', 'api_key=sekr3t%2Dof-body'],
])('a key in %s is hidden', (_what, body) =>
  expect(shownBeside(body, 'no such key: sekr3t-of-body')).toBe('no such key: hidden'),
);

test('an escaped key in a long body is hidden', () => {
  const body = JSON.stringify({ token: 'a"b\\c-secret', content: long });
  expect(shownBeside(body, 'bad token a"b\\c-secret')).toBe('bad token hidden');
});

test('names, and values without a secret name in a long body, are shown', () => {
  const body = JSON.stringify({ api_key: 'sekr3t-of-body', model: 'large-model', content: long });
  expect(shownBeside(body, 'no api_key for large-model')).toBe('no api_key for large-model');
});

test.each(['token', '"', '"key', '"key":"', '"key" :'])('a long body of %s is read soon', (part) =>
  expect(shownBeside(part.repeat(200_000), 'no such topic')).toBe('no such topic'),
);
