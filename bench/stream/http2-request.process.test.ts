/** Requests of `send` over HTTP/2, each on its own connection. */
import { once } from 'node:events';
import { createServer as createHttp1 } from 'node:http';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { plainRequest, type RequestOptions } from '../scenario/request-options.ts';
import {
  eventStream,
  resetsOf,
  startHttp2Peer,
  type PeerStream,
} from '../tests/fixtures/helpers/http2-peer.ts';
import { createAgents, send } from './node-request.ts';
import { requestsOf } from './stream-request.ts';

const servers: Server[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close()));

const http2: RequestOptions = { ...plainRequest, http2: { streamsPerConnection: 1 } };

/** Sends a request, and logs what its observer sees until the connection is closed. */
async function logOf(url: string, options = http2): Promise<string[]> {
  const log: string[] = [];
  const closed = Promise.withResolvers<void>();
  const sent = send(requestsOf(url, options)(0), createAgents(false), {
    response(response, redirects) {
      log.push(`${response.statusCode} after ${redirects} redirects`);
      response.on('data', (bytes) => log.push(String(bytes)));
      response.on('end', () => {
        log.push('end');
        sent.current().destroy();
      });
    },
    failed: (cause, message) => log.push(`${cause}: ${message}`),
    closed: closed.resolve,
  });
  await closed.promise;
  return log;
}

async function peerWith(answer: (stream: PeerStream) => void) {
  const peer = await startHttp2Peer(answer);
  servers.push(peer.server);
  return peer;
}

async function urlOf(server: Server) {
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

test('passes on a response', async () => {
  const { url, connections } = await peerWith((stream) =>
    stream.headers(200, eventStream).data('data: 0\n\n', true),
  );
  const logs = await Promise.all([logOf(url), logOf(url)]);
  for (const log of logs) expect(log).toEqual(['200 after 0 redirects', 'data: 0\n\n', 'end']);
  expect(connections).toHaveLength(2);
  expect(connections.flatMap(resetsOf)).toEqual([]);
});

test('follows a redirect, if its options say so', async () => {
  let requests = 0;
  const { url } = await peerWith((stream) =>
    requests++ === 0
      ? stream.headers(302, [['location', '/other']], true)
      : stream.headers(404, [], true),
  );
  expect(await logOf(url, { ...http2, followsRedirects: true })).toEqual([
    '404 after 1 redirects',
    'end',
  ]);
});

test.each<[string, (stream: PeerStream) => void, string]>([
  [
    'a reset stream',
    (stream) => void stream.reset(7),
    'RST_STREAM REFUSED_STREAM: the server reset the stream',
  ],
  [
    'GOAWAY',
    ({ peer }) => peer.goaway(1, 11),
    'GOAWAY ENHANCE_YOUR_CALM: the server closed the connection of the stream',
  ],
  [
    'a reset connection',
    ({ peer }) => void peer.socket.resetAndDestroy(),
    'connection reset: read ECONNRESET',
  ],
])('%s before the headers fails with its own cause', async (_what, answer, failure) => {
  const { url } = await peerWith(answer);
  expect(await logOf(url)).toEqual([failure]);
});

test('a server of HTTP/1.1 only refuses HTTP/2', async () => {
  const url = await urlOf(createHttp1((_request, response) => response.end()));
  expect(await logOf(url)).toEqual(['HTTP/2 refused: the server answers, but not in HTTP/2']);
});

test('a closed port fails with its own cause', async () => {
  const server = createServer();
  const url = await urlOf(server);
  servers.pop();
  server.close();
  expect(await logOf(url)).toEqual([expect.stringMatching(/^connection refused: /)]);
});
