import dns from 'node:dns';
import { once } from 'node:events';
import { syncBuiltinESMExports } from 'node:module';
import { createServer, isIP, type AddressInfo, type Server } from 'node:net';
import { promisify } from 'node:util';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { plainRequest } from '../scenario/request-options.ts';
import { transports } from '../scenario/scenario.ts';
import { lookupOnce } from './lookup.ts';
import { openStream } from './stream.ts';
import { requestsOf } from './stream-request.ts';

/** How often the system looked up a name that is not an address. */
let lookups = 0;
const { lookup } = dns;
dns.lookup = Object.assign(
  (...args: Parameters<typeof lookup>) => {
    if (!isIP(args[0])) lookups++;
    return lookup(...args);
  },
  { __promisify__: lookup.__promisify__ },
) as typeof lookup;
syncBuiltinESMExports();
afterAll(() => {
  dns.lookup = lookup;
  syncBuiltinESMExports();
});
beforeEach(() => {
  lookups = 0;
});

/** All results of a callback. */
const resultsOf = (find: typeof lookupOnce, name: string, options: dns.LookupOptions) =>
  new Promise((resolve) => find(name, options, (...results) => resolve(results)));

test.each([{ all: true }, {}, { family: 4 }, { family: 4, all: true }])(
  'localhost with %j has the addresses that Node finds, with one lookup for many connections',
  async (options) => {
    const expected = await resultsOf(lookup as never, 'localhost', options);
    const many = Array.from({ length: 5 }, () => resultsOf(lookupOnce, 'localhost', options));
    for (const found of await Promise.all(many)) expect(found).toEqual(expected);
    expect(await resultsOf(lookupOnce, 'localhost', options)).toEqual(expected);
    expect(lookups).toBeLessThanOrEqual(1); // the addresses alone come from the same lookup
  },
);

test('an address is its own result', async () =>
  expect(await resultsOf(lookupOnce, '127.0.0.1', {})).toEqual([null, '127.0.0.1', 4]));

/** The addresses that Node tries on this machine. */
const hosts = await promisify(lookup)('localhost', { all: true, hints: dns.ADDRCONFIG });

test.each(transports)(
  'streams at localhost find a server at each of its addresses: %s',
  async (kind) => {
    for (const { address: host } of hosts) {
      const server: Server = createServer((socket) => {
        socket.on('error', () => {});
        socket.once('data', () =>
          socket.end('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n'),
        );
      }).listen(0, host);
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      const open = () =>
        new Promise((resolve) => {
          const observer = { headers() {}, body() {}, event() {}, comment() {} };
          const ended = () => resolve('ended');
          openStream(
            requestsOf(`http://localhost:${port}/`, plainRequest)(0),
            { ...observer, ended, failed: (cause, message) => resolve(`${cause}: ${message}`) },
            kind,
          );
        });
      for (let stream = 0; stream < 3; stream++)
        expect({ host, end: await open() }).toEqual({ host, end: 'ended' });
      server.close();
    }
    expect(lookups).toBeLessThanOrEqual(1);
  },
);
