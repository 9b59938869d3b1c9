/**
 * Requests as people's clients make them, against servers in this process: bodies, cookies,
 * certificates, redirects and Unix sockets. Streams of a load, clients of a leak check, and clients
 * of a shutdown each send them.
 */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { visit } from '../../leaks/crowd/client.ts';
import { disconnectModes } from '../../scenario/disconnect-modes.ts';
import { watchStreams } from '../../run/round/shutdown-streams.ts';
import { noEventOptions } from '../../scenario/event-options.ts';
import { plainRequest, type RequestOptions } from '../../scenario/request-options.ts';
import type { CloseMethod } from '../../scenario/scenario.ts';
import { createAgents } from '../../stream/node-request.ts';
import { openStream } from '../../stream/stream.ts';
import { requestsOf } from '../../stream/stream-request.ts';
import { selfSigned } from '../fixtures/helpers/certificate.ts';

interface Asked {
  server: string;
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}

const { key, cert } = selfSigned();
const folder = mkdtempSync(join(tmpdir(), 'ssebench-'));
const socketPath = join(folder, 'socket');
const servers: Server[] = [];
const asked: Asked[] = [];
/** How the server saw each connection end: the code of a reset, or the end. */
const ends: string[] = [];
/** Connections of requests that are still open. */
let open = 0;
let http = '';
let other = '';
let https = '';

/** Streams at `/event`, and redirects from `/again`, `/elsewhere`, `/endless` and `/refused`. */
function answer(server: string): RequestListener {
  const redirects: Record<string, () => [number, string]> = {
    '/again': () => [307, '/elsewhere'],
    '/elsewhere': () => [307, `${other}/event`],
    '/see': () => [303, '/event'],
    '/endless': () => [302, '/endless'],
    '/refused': () => [302, '/nothing'],
  };
  return async (req, res) => {
    const { method = '', url = '', headers, socket } = req;
    socket.on('error', () => {});
    open++;
    socket.on('close', () => {
      open--;
      ends.push((socket.errored as NodeJS.ErrnoException)?.code ?? 'end');
    });
    asked.push({ server, method, url, headers, body: await text(req) });
    const redirect = redirects[url]?.();
    if (redirect) return res.writeHead(redirect[0], { Location: redirect[1] }).end();
    if (!url.startsWith('/event')) return res.writeHead(404).end();
    res.writeHead(200, { 'Content-Type': 'text/event-stream' });
    const timer = setInterval(() => res.write('data: x\n\n'), 10);
    return res.on('close', () => clearInterval(timer));
  };
}

function started<Kind extends Server>(server: Kind): Kind {
  servers.push(server);
  return server;
}

beforeAll(async () => {
  const first = started(createServer(answer('first'))).listen(0, '127.0.0.1');
  const second = started(createServer(answer('second'))).listen(0, '127.0.0.1');
  const secure = started(createHttpsServer({ key, cert }, answer('secure'))).listen(0, '127.0.0.1');
  const unix = started(createServer(answer('unix'))).listen(socketPath);
  await Promise.all([first, second, secure, unix].map((server) => once(server, 'listening')));
  const portOf = (server: Server) => (server.address() as AddressInfo).port;
  http = `http://127.0.0.1:${portOf(first)}`;
  other = `http://127.0.0.1:${portOf(second)}`;
  https = `https://127.0.0.1:${portOf(secure)}`;
});
beforeEach(() => {
  asked.length = 0;
  ends.length = 0;
});
afterEach(async () => {
  await vi.waitUntil(() => open === 0, 120_000);
});
afterAll(async () => {
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
  rmSync(folder, { recursive: true });
});

const request = (changes: Partial<RequestOptions>): RequestOptions => ({
  ...plainRequest,
  ...changes,
});

/** The different clients, each reduced to: open stream `number`, wait for an event, disconnect. */
type Open = (
  url: string,
  options: RequestOptions,
  number: number,
  close: Exclude<CloseMethod, 'kill'>,
) => Promise<string>;

const openLoad: Open = (url, options, number, close) =>
  new Promise((resolve) => {
    const stream = openStream(requestsOf(url, options)(number), {
      headers() {},
      body() {},
      event: () => stream.close(close, () => resolve('event')),
      comment() {},
      ended: () => resolve('ended'),
      failed: (cause, message) => resolve(`${cause}: ${message}`),
    });
  });

const openCrowd: Open = async (url, options, number, close) => {
  const mode = { ...disconnectModes[0]!, closeMethod: close };
  const task = {
    url,
    request: options,
    streams: 1,
    firstStream: 0,
    overMs: 0,
    mode,
    events: 1,
    patienceMs: 10_000,
    headersMs: 1,
    redirects: 0,
  };
  const agents = createAgents(false);
  const { events, failure } = await visit(task, requestsOf(url, options)(number), agents, () => 0)
    .seen;
  return failure ? `${failure.cause}: ${failure.message}` : events > 0 ? 'event' : 'nothing';
};

const clients: [string, Open][] = [
  ['streams of a load', openLoad],
  ['clients of a leak check', openCrowd],
];

describe.each(clients)('%s', (_who, send) => {
  test('send a method, headers and a body with the values of their rows', async () => {
    const options = request({
      method: 'POST',
      headers: { cookie: 'session={{session}}', 'x-api-key': 'k' },
      body: '{"room":"{{room}}","n":{{i}}}',
      rows: [
        { session: 'a', room: 'x' },
        { session: 'b', room: '"ü"' },
      ],
    });
    for (const number of [0, 3])
      expect(await send(`${http}/event?room={{room}}`, options, number, 'fin')).toBe('event');
    expect(asked).toMatchObject([
      {
        method: 'POST',
        url: '/event?room=x',
        body: '{"room":"x","n":0}',
        headers: { cookie: 'session=a', 'x-api-key': 'k', 'content-type': 'application/json' },
      },
      {
        url: '/event?room=%22%C3%BC%22',
        body: String.raw`{"room":"\"ü\"","n":3}`,
        headers: { cookie: 'session=b', 'content-length': '23' },
      },
    ]);
  });

  test('refuse a self-signed certificate, unless it is trusted or any is accepted', async () => {
    const url = `${https}/event`;
    expect(await send(url, request({}), 0, 'fin')).toBe(
      'certificate not trusted: self-signed certificate',
    );
    expect(await send(url, request({ ca: cert }), 0, 'fin')).toBe('event');
    expect(await send(url, request({ acceptsAnyCertificate: true }), 0, 'fin')).toBe('event');
  });

  test.each([
    ['fin', 'end'],
    ['half-close', 'end'],
    ['reset', 'ECONNRESET'],
  ] as const)('close TLS with %s, which the server sees as %s', async (close, end) => {
    expect(await send(`${https}/event`, request({ ca: cert }), 0, close)).toBe('event');
    await expect.poll(() => ends).toEqual([end]);
  });

  test('follow redirects, and send credentials to the first origin only', async () => {
    const options = request({
      method: 'POST',
      headers: { authorization: 'Bearer abc', cookie: 'a=b', 'x-mine': 'yes' },
      body: 'text',
      followsRedirects: true,
    });
    expect(await send(`${http}/again`, options, 0, 'fin')).toBe('event');
    expect(asked.map(({ server, method, url, body }) => [server, method, url, body])).toEqual([
      ['first', 'POST', '/again', 'text'],
      ['first', 'POST', '/elsewhere', 'text'],
      ['second', 'POST', '/event', 'text'],
    ]);
    const [, second, third] = asked.map(({ headers }) => headers);
    expect(second).toMatchObject({ authorization: 'Bearer abc', cookie: 'a=b', 'x-mine': 'yes' });
    expect(third).toMatchObject({ 'x-mine': 'yes', host: other.slice('http://'.length) });
    expect(third).not.toHaveProperty('authorization');
    expect(third).not.toHaveProperty('cookie');

    asked.length = 0;
    expect(await send(`${http}/see`, options, 0, 'fin')).toBe('event');
    expect(asked.map(({ method, body }) => [method, body])).toEqual([
      ['POST', 'text'],
      ['GET', ''],
    ]);
  });

  test('report the redirect that fails', async () => {
    const options = request({ followsRedirects: true });
    expect(await send(`${http}/again`, request({}), 0, 'fin')).toMatch(/^status 307: /);
    expect(await send(`${http}/endless`, options, 0, 'fin')).toBe(
      'too many redirects: redirect 11, status 302 to /endless',
    );
    expect(await send(`${http}/refused`, options, 0, 'fin')).toMatch(
      /^status 404: after redirect 1, to http:.*\/nothing: (404 )?Not Found$/,
    );
  });

  test.each(['fin', 'reset'] as const)('use a Unix socket, closed with %s', async (close) => {
    const url = 'http://localhost/event?a=b';
    expect(await send(url, request({ socketPath }), 0, close)).toBe('event');
    expect(asked).toMatchObject([
      { server: 'unix', url: '/event?a=b', headers: { host: 'localhost' } },
    ]);
    await expect.poll(() => ends).toHaveLength(1);
    const missing = request({ socketPath: `${socketPath}-missing` });
    expect(await send(url, missing, 0, close)).toMatch(
      /^no such socket: connect ENOENT .*missing$/,
    );
  });
});

test('clients of a shutdown send the same requests', async () => {
  const options = request({
    method: 'POST',
    headers: { cookie: 'n={{i}}' },
    body: '{}',
    ca: cert,
    followsRedirects: true,
  });
  const events = { ...noEventOptions, sequence: 'id' };
  const streams = watchStreams(`${https}/again`, options, 2, { events, firstNumber: 'any' });
  for (const stream of [0, 1]) streams.start(stream);
  await expect.poll(() => streams.open() === 2 && streams.events() > 2).toBe(true);
  streams.close();
  expect(streams.failures).toEqual({});
  const { sequence } = streams.findings().eventData;
  expect(sequence).toMatchObject({ found: 0, absent: expect.any(Number) });
  expect(
    asked
      .filter(({ url }) => url === '/again')
      .map(({ server, method, headers: { cookie } }) => [server, method, cookie])
      .toSorted(),
  ).toEqual([
    ['secure', 'POST', 'n=0'],
    ['secure', 'POST', 'n=1'],
  ]);
});
