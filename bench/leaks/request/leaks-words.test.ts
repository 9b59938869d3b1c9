import { expect, test } from 'vitest';
import { refused } from '../../scenario/complaint.ts';
import { readLeaksWords } from './leaks-words.ts';

const words = {
  servers: ['floor'],
  command: [],
  trace: false,
  probe: true,
};

const own = { ...words, servers: [], command: ['sh'] };
const url = ['http://127.0.0.1:9/'];

test.each(['{"must":"be sent"}', 'null', '0', '"text"', '{}'])('--body accepts %s', (body) => {
  expect(readLeaksWords({ ...own, options: { url, body: [body] } })).toMatchObject({
    value: { options: { isMethodGiven: true, request: { method: 'POST', body } } },
  });
});

test('without a body, requests are GET requests, and the mode post is tried', () => {
  const read = readLeaksWords({ ...words, options: {} });
  expect(read).toMatchObject({
    value: { options: { isMethodGiven: false, request: { method: 'GET', body: null } } },
  });
  const modesOf = (options: Record<string, string[]>) => {
    const { ok, ...rest } = readLeaksWords({ ...own, options: { url, ...options } });
    return ok && 'value' in rest ? rest.value.options.modes.map(({ name }) => name) : [];
  };
  expect(modesOf({})).toContain('post');
  expect(modesOf({ body: ['{}'] })).not.toContain('post');
});

test('reference servers accept no method but GET, and no body', () => {
  const options = { method: ['POST'], body: ['{}'] };
  expect(readLeaksWords({ ...words, options })).toEqual(
    refused(
      '--method POST: reference servers accept only GET; leave it out, or check your own server instead of them',
      '--body hidden: reference servers accept only GET, which has no body; leave it out, or check your own server instead of them',
    ),
  );
  expect(readLeaksWords({ ...words, options: { method: ['GET'] } })).toMatchObject({ ok: true });
  expect(readLeaksWords({ ...own, options: { url, ...options } })).toMatchObject({ ok: true });
});

test('--server-processes is for reference servers', () => {
  const options = { serverProcesses: ['2'] };
  expect(readLeaksWords({ ...words, options })).toMatchObject({
    value: { servers: [{ spec: { processes: 2 } }] },
  });
  expect(readLeaksWords({ ...own, options: { url, ...options } })).toEqual(
    refused(
      '--server-processes 2: only reference servers let ssebench choose their processes; leave it out, and ssebench inspects all processes of a cluster (node:cluster) that your command starts',
    ),
  );
});

test('an unknown name may be in a config file that could not be read', () => {
  const unread = { ...words, servers: ['mine'], options: {} };
  expect(readLeaksWords({ ...unread, lacksServers: true })).toMatchObject({ ok: true });
  expect(readLeaksWords(unread)).toMatchObject({ ok: false });
});

test.each<[Record<string, (string | true)[]>, object]>([
  [{}, { areModesNamed: false, strict: false }],
  [{ modes: ['all'] }, { areModesNamed: false, strict: false }],
  [{ modes: ['stop-reading'] }, { areModesNamed: true, strict: false }],
  [{ strict: [true] }, { areModesNamed: false, strict: true }],
])('%j decides which modes must be tested', (options, expected) =>
  expect(readLeaksWords({ ...words, options })).toMatchObject({ value: { options: expected } }),
);

test('--ignore can be repeated; for other options the last value counts', () => {
  const options = { ignore: ['one', 'two'], streams: ['5', '7'] };
  expect(readLeaksWords({ ...words, options })).toMatchObject({
    value: { options: { ignore: ['one', 'two'], streams: 7 } },
  });
});

test('every invalid value is refused and quoted as typed', () => {
  const options = {
    streams: ['007', '0', true, '5'],
    ignore: [''],
    inspection: ['inside'],
  } as const;
  expect(readLeaksWords({ ...words, options })).toEqual({
    ok: false,
    complaints: [
      '--streams 0: must be a whole number from 1 to 5,000, such as --streams 50',
      '--streams: must be a whole number from 1 to 5,000, such as --streams 50',
      '--inspection inside: must be inspector or outside',
      "--ignore '': must be part of a leak’s description, such as --ignore src/events.ts:14",
    ],
  });
});

test('an own server is named, and its command must exist', () => {
  const options = { url: ['http://127.0.0.1:9/?ticket=abc'], name: ['new'] };
  expect(readLeaksWords({ ...own, options })).toMatchObject({
    value: { servers: [{ name: 'new', spec: { kind: 'command', command: ['sh'] } }] },
  });
  expect(readLeaksWords({ ...own, options, command: ['--token=abc', 'sh'] })).toEqual(
    refused('-- --token=hidden …: is an option and no program; begin with the program'),
  );
});

test('--unix-socket is where the command listens and where the clients connect', () => {
  const options = { url: ['http://localhost/event'], unixSocket: ['/run/app.sock'] };
  const read = readLeaksWords({ ...words, servers: [], command: ['node', 'a.js'], options });
  expect(read).toMatchObject({
    value: {
      servers: [{ spec: { kind: 'command', socketPath: '/run/app.sock' } }],
      options: { request: { socketPath: '/run/app.sock' } },
    },
  });
});

test('servers are checked over HTTP/2 on request, and node-http2 always', () => {
  const overHttp2 = { streamsPerConnection: 1 };
  expect(readLeaksWords({ ...own, options: { url, http2: [true] } })).toMatchObject({
    value: { options: { request: { http2: overHttp2 } } },
  });
  expect(readLeaksWords({ ...own, options: { url } })).toMatchObject({
    value: { options: { request: { http2: null } } },
  });
  expect(readLeaksWords({ ...words, servers: ['floor', 'node-http2'], options: {} })).toMatchObject(
    {
      value: { servers: [{ isHttp2: false }, { isHttp2: true }] },
    },
  );
  expect(readLeaksWords({ ...words, options: { http2: [true] } })).toEqual(
    refused(
      '--http2: needs your own server, because each reference server has a fixed protocol; check node-http2, or leave it out',
    ),
  );
});
