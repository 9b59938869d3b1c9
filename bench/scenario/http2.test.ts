/** Options of HTTP/2: what they mean for servers, what they do not combine with, and connections. */
import { expect, test } from 'vitest';
import { complaintsOf, valueOf } from './complaint.ts';
import { describeRequest } from './describe-request.ts';
import { readRunRequest } from './request.ts';
import { plainRequest } from './request-options.ts';

const url = 'http://127.0.0.1:3000/event';
const limits = { descriptors: 20_000, ports: 28_232, memoryBytes: 2 ** 50 };

const read = (
  options: Record<string, string | true>,
  { servers = [url], headers = [] as string[], ...more } = {},
) =>
  readRunRequest(
    {
      servers,
      options: Object.fromEntries(
        Object.entries(options).map(([name, value]) => [name, [value]] as const),
      ),
      headers,
      expect: [],
      ...more,
    },
    limits,
  );
const http2Of = (...words: Parameters<typeof read>) => {
  const { serversUnderTest } = valueOf(read(...words));
  return serversUnderTest.map((server) => server.kind === 'url' && server.request.http2);
};

test('every URL is measured over HTTP/2, and reference servers are not', () => {
  expect(http2Of({})).toEqual([null]);
  expect(http2Of({ http2: true })).toEqual([{ streamsPerConnection: null }]);
  expect(
    http2Of({ http2: true, streamsPerConnection: '20' }, { servers: [url, 'express'] }),
  ).toEqual([{ streamsPerConnection: 20 }, false]);
});

test('one server of a config file may have HTTP/2, and another HTTP/1.1', () => {
  const ownServers = [
    { at: 'file: servers[0]', name: 'one', url },
    { at: 'file: servers[1]', name: 'two', url: `${url}2`, http2: true },
  ];
  const words = { servers: ['one', 'two'], ownServers };
  expect(http2Of({}, words)).toEqual([null, { streamsPerConnection: null }]);
  expect(http2Of({ streamsPerConnection: '9' }, words)).toEqual([
    null,
    { streamsPerConnection: 9 },
  ]);
  expect(complaintsOf(read({ grace: '5s' }, words)).join()).toContain(
    '--grace 5s: its clients speak only HTTP/1.1, and two is for HTTP/2',
  );
});

test('the report of a request has the protocol', () => {
  const lines = (streamsPerConnection: number | null) =>
    describeRequest({ ...plainRequest, http2: { streamsPerConnection } }, 'https://example.com');
  expect(lines(null)).toEqual(['Protocol: HTTP/2, at most 100 streams per connection']);
  expect(lines(7)).toEqual(['Protocol: HTTP/2, 7 streams per connection']);
  expect(describeRequest(plainRequest, 'https://example.com')).toEqual([]);
});

test.each<[Record<string, string | true>, object, string]>([
  [
    { streamsPerConnection: '20' },
    {},
    '--streams-per-connection 20: has no effect without HTTP/2; add --http2, or leave it out',
  ],
  [
    { http2: true, streamsPerConnection: '0' },
    {},
    '--streams-per-connection 0: must be a whole number from 1 to 32,768',
  ],
  [{ http2: true }, { servers: ['express'] }, '--http2: needs your own server'],
  [
    { http2: true, transport: 'undici' },
    {},
    '--transport undici: has no effect on HTTP/2 (--http2), which node:http2 reads',
  ],
  [
    { http2: true, grace: '5s' },
    { command: ['sh'] },
    '--grace 5s: its clients speak only HTTP/1.1, and --http2 is for HTTP/2',
  ],
  [
    { http2: true },
    { headers: ['Connection: close'] },
    '--header connection: HTTP/2 (--http2) has no such header',
  ],
])('%j with %j: %s', (options, more, complaint) => {
  const complaints = complaintsOf(
    'command' in more ? read({ url, ...options }, { servers: [], ...more }) : read(options, more),
  );
  expect(complaints).toEqual([expect.stringContaining(complaint)]);
});

test('descriptors and ports are counted by connection', () => {
  const own = { servers: [], command: ['sh'] };
  const streams = { streams: '100000', rounds: '1' };
  const whyNot = (options: Record<string, string | true>) =>
    complaintsOf(read({ url, ...streams, ...options }, own)).join();
  expect(whyNot({})).toContain('needs 100200 file descriptors');
  expect(whyNot({ http2: true })).toBe('');
  expect(whyNot({ http2: true, streamsPerConnection: '1000' })).toBe('');
  expect(whyNot({ http2: true, streamsPerConnection: '5' })).toContain(
    'needs 20200 file descriptors, but its limit is 20000; use at most 99000,',
  );
  // A name that is not an address of this machine has one local address for all connections.
  const ports = (options: Record<string, string | true>) =>
    complaintsOf(read({ ...streams, ...options }, { servers: ['http://test.localhost/'] })).join();
  expect(ports({})).toContain('has only 28232 local ports');
  expect(ports({ http2: true, streamsPerConnection: '2' })).toContain('use at most 56464');
  expect(ports({ http2: true, streamsPerConnection: '4' })).toBe('');
});
