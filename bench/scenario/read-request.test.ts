/** The options of requests, from a command line and from a program. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { cookieExample } from './cookies.ts';
import { headerLine } from './headers.ts';
import type { OptionWords } from './option.ts';
import {
  readStreamRequest,
  requestInProgram,
  requestInWords,
  type GivenRequest,
  type RequestSettings,
  type StreamRequest,
} from './read-request.ts';
import { plainRequest } from './request-options.ts';
import { requestOptions } from './request-words.ts';
import { givenInWords, inProgram, onCommandLine } from './values.ts';

const folder = mkdtempSync(join(tmpdir(), 'ssebench-'));
const path = (name: string) => join(folder, name);
const files = {
  'headers.txt': '# for staging\nX-Token: $TOKEN\n\n  \nX-Room: {{room}}\r\n',
  'bad-headers.txt': 'X-A: 1\nno header s3cret\n',
  'comments.txt': '# nothing\n',
  'body.json': '{"price":"$5"}',
  'users.csv': 'user,room\nalice,one\nbob,"two"\n',
  'bad.csv': 'user,room\nalice\n',
  'greek.csv': 'user,room\nalice,one\nβ s3cret,"a;b"\nγ,two\n',
  'empty.csv': '\n',
  'no.pem': 'certificate',
  'damaged.pem': '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
  'binary.csv': new Uint8Array([0x75, 0x0a, 0xff, 0xfe]),
};

beforeAll(() => {
  for (const [name, text] of Object.entries(files)) writeFileSync(path(name), text);
  vi.stubEnv('TOKEN', 's3cret');
  vi.stubEnv('GREEK', 'αβγ');
  vi.stubEnv('ABSENT', undefined);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
  vi.unstubAllEnvs();
});

const http = 'http://127.0.0.1:3000/event';
const https = 'https://127.0.0.1:3000/event';

function read(
  given: GivenRequest,
  { urls = [http], isProgram = false, startsServer = false, withoutEffect = [] as never[] } = {},
): StreamRequest & { complaints: string[] } {
  const complaints: string[] = [];
  const wording = isProgram ? inProgram : onCommandLine(requestOptions);
  const servers = urls.map((url) => ({ url, headers: {} }));
  const context = { servers, wording, header: headerLine, cookie: cookieExample };
  const request = readStreamRequest(
    given,
    { ...context, startsServer, withoutEffect },
    (complaint) => void complaints.push(complaint.replaceAll(`${folder}/`, '')),
  );
  return { ...request, complaints };
}

const typed = (words: OptionWords, more = {}) =>
  read(requestInWords(givenInWords(requestOptions, words)), more);
const set = (settings: RequestSettings) => read(requestInProgram(settings), { isProgram: true });

describe('a request', () => {
  test.each<[OptionWords, object]>([
    [{}, {}],
    [{ method: ['post'] }, { method: 'POST' }],
    [
      { method: ['QUERY'], body: ['x'] },
      { method: 'QUERY', body: 'x' },
    ],
    [{ body: ['{"a":1}'] }, { method: 'POST', body: '{"a":1}' }],
    [{ body: ['{{i}} {'] }, { method: 'POST', body: '{{i}} {' }],
    [{ body: ['pay $$5 with $TOKEN'] }, { method: 'POST', body: 'pay $5 with s3cret' }],
    [{ body: [`@${path('body.json')}`] }, { method: 'POST', body: '{"price":"$5"}' }],
    [{ header: ['A: $TOKEN', 'b:c: d '] }, { headers: { a: 's3cret', b: 'c: d' } }],
    [{ cookie: ['a=1', 'b=$TOKEN; c='] }, { headers: { cookie: 'a=1; b=s3cret; c=' } }],
    [{ follow: [true] }, { followsRedirects: true }],
    [
      { header: [`@${path('headers.txt')}`], rows: [path('users.csv')] },
      {
        headers: { 'x-token': 's3cret', 'x-room': '{{room}}' },
        rows: [
          { user: 'alice', room: 'one' },
          { user: 'bob', room: 'two' },
        ],
      },
    ],
  ])('%j', (words, expected) => {
    const { request, hasOwnMethod, complaints } = typed(words);
    expect(complaints).toEqual([]);
    expect(request).toEqual({ ...plainRequest, ...expected });
    expect(hasOwnMethod).toBe('method' in words || 'body' in words);
  });

  test('for https can accept any certificate', () =>
    expect(typed({ insecure: [true] }, { urls: [https] })).toMatchObject({
      complaints: [],
      request: { acceptsAnyCertificate: true },
    }));

  test('can name a socket that a command creates', () =>
    expect(typed({ unixSocket: ['/nowhere/app.sock'] }, { startsServer: true })).toMatchObject({
      complaints: [],
      request: { socketPath: '/nowhere/app.sock' },
    }));
});

test.each<[RequestSettings, object]>([
  [{ body: { a: 1 } }, { method: 'POST', body: '{"a":1}' }],
  [{ body: 'a $TOKEN' }, { method: 'POST', body: 'a $TOKEN' }],
  [{ body: null }, { method: 'POST', body: 'null' }],
  [
    { headers: { A: '$TOKEN' }, cookies: { b: '@c' } },
    { headers: { a: '$TOKEN', cookie: 'b=@c' } },
  ],
  [{ follow: false }, {}],
  [
    { headers: { a: '{{n}}' }, rows: [{ n: 1 }, { n: true }] },
    { headers: { a: '{{n}}' }, rows: [{ n: '1' }, { n: 'true' }] },
  ],
])('a program sends its texts unchanged: %j', (settings, expected) =>
  expect(set(settings)).toMatchObject({
    complaints: [],
    request: { ...plainRequest, ...expected },
  }),
);

const anObject = "must be an object of names and their texts, such as { Name: 'value' }";

test.each<[unknown, string[]]>([
  [{ headers: null }, [`headers: ${anObject}`]],
  [
    { headers: new Headers({ a: 's3cret' }), cookies: 'a=s3cret' },
    [`headers: ${anObject}`, `cookies: ${anObject}`],
  ],
  [
    { headers: { 'X-Token': undefined }, cookies: { a: null } },
    [
      'headers X-Token: (not saved): is undefined; give it a text, or leave it out',
      'cookies a=hidden: is null; give it a text, or leave it out',
    ],
  ],
])('a program is refused: %j', (settings, complaints) =>
  expect(set(settings as RequestSettings).complaints.toSorted()).toEqual(complaints.toSorted()),
);

const aHeader = headerLine;
const aCookie =
  "must be a name, =, and a value of Latin letters in one line without a semicolon, such as --cookie 'session=abc'";
const noTls = 'the URL has no TLS; use a URL that begins with https://, or leave it out';

test.each<[OptionWords, string[]]>([
  [
    { method: ['HEAD', 'connect', 'TRACE', 'a b', ''] },
    [
      '--method HEAD: its response has no body, so it has no stream; use GET or POST, or leave it out',
      '--method connect: it opens a tunnel and no stream; use GET or POST, or leave it out',
      '--method TRACE: its response only repeats the request; use GET or POST, or leave it out',
      '--method a b: must be the name of an HTTP method, such as --method POST',
      "--method '': must be the name of an HTTP method, such as --method POST",
    ],
  ],
  [
    { method: ['GET'], body: ['s3cret'] },
    ['--body hidden: a GET request has no body; leave out --method GET, or use --method POST'],
  ],
  [
    { body: ['{"a":'] },
    [
      '--body hidden: begins like JSON, but is not valid JSON; correct it, or give its type in a header, such as Content-Type: text/plain',
    ],
  ],
  [
    { body: [''] },
    [`--body '': must be a text, or @ and the name of a file, such as --body '{"topic":"news"}'`],
  ],
  [{ body: ['@nowhere'] }, ['--body @nowhere: no such file; check the path']],
  [{ body: ['@/'] }, ['--body @/: is a folder; give the name of a file']],
  [{ header: ['@nowhere'] }, ['--header @nowhere: no such file; check the path']],
  [
    { header: [`@${path('comments.txt')}`] },
    ['--header @comments.txt: has no headers; write one in each line, such as Name: value'],
  ],
  [
    { header: [`@${path('bad-headers.txt')}`] },
    [`--header @bad-headers.txt: line 2: no (not saved): ${aHeader}`],
  ],
  [
    { header: ['A: $ABSENT', 'B: $GREEK', 'C'], cookie: ['a=$ABSENT', 'b=$GREEK', 's3cret'] },
    [
      '--cookie a=hidden: $ABSENT is not set in the environment; set it with export ABSENT=…, or write $$ for a dollar',
      `--cookie b=hidden: ${aCookie}`,
      `--cookie hidden: ${aCookie}`,
      '--header A: (not saved): $ABSENT is not set in the environment; set it with export ABSENT=…, or write $$ for a dollar',
      `--header B: (not saved): ${aHeader}`,
      `--header C: ${aHeader}`,
    ],
  ],
  [
    { header: ['cookie: s3cret=1'], cookie: ['a=1'] },
    [
      '--header cookie: (not saved): does not combine with --cookie, which makes the same header; leave out one of the two',
    ],
  ],
  [{ insecure: [true] }, [`--insecure: ${noTls}`]],
  [
    { ca: [path('no.pem')] },
    [
      '--ca no.pem: has no certificate in PEM format, which begins with -----BEGIN CERTIFICATE-----; convert it with openssl x509',
    ],
  ],
  [
    { ca: [path('damaged.pem')] },
    ['--ca damaged.pem: has a damaged certificate; export it again in PEM format'],
  ],
  [
    { unixSocket: ['/nowhere/app.sock'] },
    ['--unix-socket /nowhere/app.sock: no such socket; start the server, or check the path'],
  ],
  [
    { unixSocket: [path('no.pem')] },
    ['--unix-socket no.pem: is not a Unix socket; give the path that the server listens on'],
  ],
  [{ rows: [''] }, ["--rows '': must be a CSV or JSONL file, such as --rows users.csv"]],
  [{ rows: [path('empty.csv')] }, ['--rows empty.csv: is empty; fill it, or leave it out']],
  [
    { rows: [path('binary.csv')] },
    ['--rows binary.csv: is not UTF-8 text; save it in this encoding'],
  ],
  [
    { rows: [path('bad.csv')], header: ['a: {{user}}'] },
    [
      '--rows bad.csv: line 2: has 1 value for 2 columns; put values with commas or quotes into "double quotes"',
    ],
  ],
  [
    { rows: [path('users.csv')] },
    [
      '--rows users.csv: no template uses a column; write {{column}} in the URL, a header, a cookie or the body (columns: user, room)',
    ],
  ],
  [
    { header: ['a: {{user}}'] },
    [
      '--header a: (not saved): {{user}} needs a column of a file; give the file, such as --rows users.csv, or use {{i}}, the number of the stream',
    ],
  ],
  [
    { header: ['a: {{rom}} {{user}}'], rows: [path('users.csv')] },
    ['--header a: (not saved): {{rom}} is no column of the rows; did you mean {{room}}?'],
  ],
  [
    { header: ['a: {{user}'], cookie: ['b={{}}'] },
    ['--header a: (not saved)', '--cookie b=hidden'].map(
      (shown) =>
        `${shown}: has {{ that begins no template; write {{i}} or {{column}} with both braces at its end, or {{{{ for two braces`,
    ),
  ],
  [
    { cookie: ['a={{constructor}}', 'b={{user}}'], rows: [path('users.csv')] },
    [
      '--cookie a=hidden: {{constructor}} is no column of the rows; choose from user, room, or use {{i}}, the number of the stream',
    ],
  ],
  [
    { header: ['a: {{user}}'], cookie: ['b={{room}}'], rows: [path('greek.csv')] },
    [
      '--rows greek.csv: row 2, and 1 more: {{user}} cannot be sent in the header a; use Latin letters in one line',
      '--rows greek.csv: {{room}} cannot be sent in a cookie; leave out semicolons',
    ],
  ],
])('%j is refused', (words, complaints) => {
  const all = typed(words).complaints;
  expect(all.toSorted()).toEqual(complaints.toSorted());
  expect(all.join()).not.toMatch(/s3cret/);
});

test.each(['http://{{i}}.example/event', 'http://a:{{i}}@127.0.0.1/event', 'http:{{i}}/event'])(
  'a template before the path of %s is refused',
  (url) =>
    expect(typed({}, { urls: [url] }).complaints).toEqual([
      expect.stringContaining(
        ': a template before the path would choose the server; write templates only after the host',
      ),
    ]),
);

test.each(['http://127.0.0.1/{{i}?a=s3cret', 'http://127.0.0.1/{{ }}'])(
  'the unclosed template of %s is refused',
  (url) => {
    const { complaints } = typed({}, { urls: [url] });
    expect(complaints).toEqual([expect.stringContaining('{{')]);
    expect(complaints.join()).not.toContain('s3cret');
  },
);

test('a template in the path and the query of a URL is accepted', () =>
  expect(typed({}, { urls: ['http://127.0.0.1/{{i}}?room={{i}}#{{i}}'] }).complaints).toEqual([]));

test('nested JSON is no template, in a header or a body', () => {
  const json = '{"a":{"b":{}}}';
  expect(typed({ header: [`a: ${json}`], body: [json] }).complaints).toEqual([]);
});
