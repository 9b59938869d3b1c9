import { expect, test } from 'vitest';
import {
  commandInWords,
  commandWithoutSecrets,
  headerLineWithoutSecrets,
  headersWithoutSecrets,
} from './command-secrets.ts';
import { textWithoutSecrets, urlWithoutSecrets } from './secrets.ts';

test.each([
  [
    'http://127.0.0.1:3000/event?interval=50&stamp',
    'http://127.0.0.1:3000/event?interval=50&stamp',
  ],
  ['http://user:pw@host/event', 'http://host/event'],
  [
    'http://host/event?access_token=s3cret&lang=en',
    'http://host/event?access_token=hidden&lang=en',
  ],
  ...[
    'ticket',
    'sig',
    'jwt',
    'code',
    'sid',
    'pwd',
    'credential',
    'state',
    'bearer',
    'anything',
    'last-event-id',
    '%74icket',
  ].map((name) => [`https://host/e?${name}=s3cret`, `https://host/e?${name}=hidden`]),
  ['http://host/e?ticket=a=b&ticket=c&&v', 'http://host/e?ticket=hidden&ticket=hidden&&v'],
  ['http://host/e?s3cret', 'http://host/e?hidden'],
  ['http://host/e?czNjcmV0==&interval=50', 'http://host/e?hidden&interval=50'],
  ['http://host/e?v=1;token=s3cret', 'http://host/e?v=hidden'],
  [`http://host/e?format=${'s3cret'.repeat(5)}`, 'http://host/e?format=hidden'],
  [
    'http://host/e?stream=s3cret&resume=s3cret&interval=s3cret&stamp=true&retry=5s',
    'http://host/e?stream=hidden&resume=hidden&interval=hidden&stamp=true&retry=5s',
  ],
  ['http://host/e?STAMP&Lang=en', 'http://host/e?STAMP&Lang=en'],
  ['http://host/e#access_token=s3cret', 'http://host/e'],
  ['http://host/e?interval=5#s3cret', 'http://host/e?interval=5'],
  ['http://host/{{room}}?user={{i}}', 'http://host/{{room}}?user={{i}}'],
  ['http://host/{{room}}?user={{i}}s3cret', 'http://host/{{room}}?user=hidden'],
  [`http://host/e?user={{${'s3cret'.repeat(9)}}}`, 'http://host/e?user=hidden'],
  ['http://host/e;jsessionid=s3cret/x', 'http://host/e;jsessionid=hidden/x'],
  ['http://host/eyJhbGciOi.eyJzdWIi.c2ln', 'http://host/hidden'],
  ['postgres://u:s3cret@db/x', 'postgres://db/x'],
  ['http:u:s3cret@host/', 'http://host/'],
  ['HTTP:\\\\u:s3cret@host/', 'http://host/'],
  ['ht\ntp://u:s3cret@host/', 'host/'],
  ['http://ho\nst/', 'http://host/'],
  // Texts that no parser accepts.
  ['http://u:s3/cret@host:99999/', 'http://host:99999/'],
  ['http://u:s3?cret#x@host:1x/e?ticket=y', 'http://host:1x/e?ticket=hidden'],
  ['u:s3cret@127.0.0.1:3000/event?ticket=s3cret', '127.0.0.1:3000/event?ticket=hidden'],
  ['localhost:3000/event?ticket=s3cret#x', 'localhost:3000/event?ticket=hidden'],
  ['//u:s3cret@host/e', '//host/e'],
  ['/login?token=s3cret&mail=a@b', '/login?token=hidden&mail=hidden'],
  ['?s3cret', '?hidden'],
  ['express', 'express'],
])('%s is shown as %s', (text, shown) => expect(urlWithoutSecrets(text)).toBe(shown));

test.each([
  ['Authorization: Bearer a:b', 'Authorization: (not saved)'],
  ['X-Api-Key: abc', 'X-Api-Key: (not saved)'],
  ...[
    'X-Jwt',
    'X-Signature',
    'X-Credential',
    'X-Pwd',
    'X-Sid',
    'X-Custom',
    'Last-Event-ID',
    'Referer',
    'X-Plain',
  ].map((name) => [`${name}:  a: b`, `${name}: (not saved)`]),
  ['Accept-Language:  de: b', 'Accept-Language: de: b'],
  ['ACCEPT: text/event-stream', 'ACCEPT: text/event-stream'],
  ['User-Agent: mine http://u:s3cret@host/?key=s3cret', 'User-Agent: mine http://host/?key=hidden'],
  // For an invalid header, only text that can be a name is shown.
  ['Authorization', 'Authorization'],
  ['Authorization Bearer s3cret', 'Authorization (not saved)'],
  ['Authorization=s3cret', 'Authorization (not saved)'],
  ['s3cret', '(not saved)'],
  ['s3 cret', '(not saved)'],
  ['', ''],
])('%s is shown as %s', (line, shown) => expect(headerLineWithoutSecrets(line)).toBe(shown));

test('headers keep their names', () =>
  expect(headersWithoutSecrets({ cookie: 'a', accept: 'b' })).toEqual({
    cookie: '(not saved)',
    accept: 'b',
  }));

test.each([
  [
    '302 Found, to http://u:s3cret@host/login?token=s3cret.',
    '302 Found, to http://host/login?token=hidden',
  ],
  [
    'connect ECONNREFUSED (postgres://u:s3cret@db:5432/x)',
    'connect ECONNREFUSED (postgres://db:5432/x)',
  ],
  ['"http://u:s3cret@host/", and http://host/?v=2!', '"http://host/", and http://host/?v=2!'],
  ['GET /event?ticket=s3cret 401', 'GET /event?ticket=hidden 401'],
  ['did you mean http://host/event?', 'did you mean http://host/event?'],
  ['at /src/a.ts:14:3', 'at /src/a.ts:14:3'],
  ['SyntaxError: Unexpected token }', 'SyntaxError: Unexpected token }'],
  [
    'API_KEY=s3cret node server.js --db-password s3cret --port 3',
    'API_KEY=hidden node server.js --db-password hidden --port 3',
  ],
  ['use Bearer s3cret, or Basic authentication', 'use Bearer hidden, or Basic authentication'],
  ['  authorization: s3cret s3cret', '  authorization: (not saved)'],
  [
    "send it with --header 'Authorization: Bearer $TOKEN'",
    "send it with --header 'Authorization: Bearer $TOKEN'",
  ],
  ['Authorization: Bearer $TOKEN-s3cret', 'Authorization: (not saved)'],
  ['jwt eyJhbGciOi.eyJzdWIi.c2ln expired', 'jwt hidden expired'],
  ['Incorrect API key provided: sk-proj-Ab1_Cd2-Ef3_Gh4.', 'Incorrect API key provided: hidden.'],
  ['bad key sk-ant-api03-a1b2c3d4e5', 'bad key hidden'],
  ['bad key sk-abc1****************wxyz', 'bad key hidden'],
  ['bad key AIzaSyA1234567890abcdefghijklmnopqrstu', 'bad key hidden'],
  ['push with ghp_0123456789abcdefghijABCDEFGHIJ012345', 'push with hidden'],
  [
    'no disk-usage-of-servers, sk-short, risk-free-trials-of-it',
    'no disk-usage-of-servers, sk-short, risk-free-trials-of-it',
  ],
])('hides secrets in the text: %s', (text, shown) => {
  expect(textWithoutSecrets(text)).toBe(shown);
  expect(textWithoutSecrets(shown)).toBe(shown);
});

test('a long text full of beginnings of secrets takes less than 2 s of CPU time', () => {
  const start = process.threadCpuUsage();
  const parts = ['a', 'pass.', '/?', 'a://', '--pass ', 'eyJ', 'x=', ' Bearer', ';', '@', 'sk-'];
  for (const text of parts) textWithoutSecrets(text.repeat(100_000));
  expect(process.threadCpuUsage(start).user).toBeLessThan(2e6);
});

test('hides secrets in a saved command line', () => {
  const saved = `npm run bench -- express 'http://u:s3cret@h/e?ticket=s3cret&interval=5' --seed 7 --header 'X-Jwt: s3'\\''cret' --header=X-Sid:s3cret --header 'Accept: a' --expect 'missing = 0'`;
  const shown = `npm run bench -- express 'http://h/e?ticket=hidden&interval=5' --seed 7 --header 'X-Jwt: (not saved)' --header='X-Sid: (not saved)' --header 'Accept: a' --expect 'missing = 0'`;
  expect(commandWithoutSecrets(saved)).toBe(shown);
  expect(commandWithoutSecrets(shown)).toBe(shown);
});

test.each<[[string, ...string[]], string]>([
  [['node', 'dist/server.js', '--api-key', 's3cret', 's3cret'], 'node dist/server.js …'],
  [
    ['/usr/bin/node', '--require', './tracing.cjs', 'server.ts', '--port=1'],
    '/usr/bin/node … ./tracing.cjs server.ts …',
  ],
  [['npm', 'run', 'dev', '--', '--token', 's3cret'], 'npm run dev …'],
  [['npm', 'start'], 'npm start'],
  [['sh', '-c', 'DB_URL=postgres://u:s3cret@h node server.js'], 'sh …'],
  [['env', 'DB_URL=postgres://u:s3cret@h', 'node', 'server.mjs'], 'env … server.mjs'],
  [['./serve.sh', 's3cret'], './serve.sh …'],
])('the command %j: %s', (command, shown) => expect(commandInWords(command)).toBe(shown));

test.each([
  [
    "--cookie 'a=s3cret; b=s3cret' --body s3cret x",
    "--cookie 'a=hidden; b=hidden' --body 'hidden' x",
  ],
  ['--cookie s3cret --body={"a":"s3cret"}', "--cookie 'hidden' --body='hidden'"],
  ['--body @body.json --header @h.txt', "--body '@body.json' --header '@h.txt'"],
  [
    "--body '@http://u:s3cret@h/' --header '@a: s3cret'",
    "--body '@http://h/' --header '@a: (not saved)'",
  ],
])('a saved command hides texts of requests: %s', (saved, shown) => {
  expect(commandWithoutSecrets(saved)).toBe(shown);
  expect(commandWithoutSecrets(shown)).toBe(shown);
});
