/** Rounds over HTTP/2: of the reference server, of a server that resets, and of a real nginx. */
import { readFileSync } from 'node:fs';
import { afterEach, beforeAll, afterAll, describe, expect, test } from 'vitest';
import { catalog } from '../../../servers/catalog.ts';
import { plainRequest, type RequestOptions } from '../../scenario/request-options.ts';
import { fromOutside, type ServerUnderTest, type UrlUnderTest } from '../../scenario/scenario.ts';
import { failureInWords, requestFirst } from '../../stream/first-request.ts';
import { startServer, type RunningServer } from '../../under-test/server.ts';
import {
  eventStream,
  startHttp2Peer,
  type Http2Peer,
} from '../../tests/fixtures/helpers/http2-peer.ts';
import { hasProxies, startProxy } from '../../tests/fixtures/helpers/real-proxies.ts';
import { figuresOf, measured, measureOnce } from '../../tests/fixtures/helpers/round.ts';

const peers: Http2Peer[] = [];
afterEach(() => peers.splice(0).forEach(({ server }) => server.close()));

const overHttp2 = (streamsPerConnection: number | null): RequestOptions => ({
  ...plainRequest,
  http2: { streamsPerConnection },
});
const urlOf = (url: string, request: RequestOptions): UrlUnderTest => ({
  ...fromOutside('it', url, 50),
  request,
});

describe('node-http2', () => {
  const reference: ServerUnderTest = {
    kind: 'reference',
    name: 'node-http2',
    file: catalog['node-http2']!.file,
  };

  test('receives all streams on as few connections as they fit on, and releases them', async () => {
    const { result } = await measureOnce(reference, { scenario: { streamsPerConnection: 12 } });
    const { http2, counts, failures, process } = measured(result);
    // 40 paced streams and 8 quiet ones.
    expect(http2).toMatchObject({
      sessions: 4,
      requests: 48,
      mostStreams: 12,
      windowBytes: 786_420,
    });
    expect(http2!.leastWindowBytes).toBeGreaterThan(786_420 / 3);
    expect({ resets: http2!.resets, goaways: http2!.goaways, failures }).toEqual({
      resets: {},
      goaways: {},
      failures: {},
    });
    expect(counts.events).toBeGreaterThan(40 * 5);
    expect({ missing: counts.missing, flawed: counts.flawedStreams }).toEqual({
      missing: 0,
      flawed: 0,
    });
    expect(process!.held).toEqual({ timers: 0, sockets: 0 });
    expect(figuresOf(result)).toMatchObject({ connections: 4, resets: 0, goaways: 0 });
  });

  test.each(['fin', 'half-close', 'reset', 'kill'] as const)(
    'releases all streams after they disconnect with %s',
    async (disconnect) => {
      const { result } = await measureOnce(reference, { scenario: { disconnect } });
      const { process, failures } = measured(result);
      expect(process!.held).toEqual({ timers: 0, sockets: 0 });
      expect(failures).toEqual({});
    },
  );

  test('releases streams that disconnect one by one from connections that stay open', async () => {
    const { result } = await measureOnce(reference, {
      scenario: {
        load: {
          kind: 'churn',
          perSecond: 60,
          spacing: 'constant',
          lifetimeMs: 300,
          lifetimes: 'fixed',
        },
      },
    });
    const { http2, failures, process, counts } = measured(result);
    expect(failures).toEqual({});
    expect(counts.opened).toBeGreaterThan(50);
    expect(http2!.sessions).toBeLessThan(counts.opened / 2);
    expect(http2!.resets).toEqual({});
    expect(process!.held).toEqual({ timers: 0, sockets: 0 });
  });

  test('backs up behind slow readers, each on its own window', async () => {
    const { result } = await measureOnce(reference, {
      scenario: { slowReaders: 5, slowBytesPerSecond: 0, quietStreams: 0, payloadBytes: 4_000 },
    });
    const { counts, failures } = measured(result);
    expect(failures).toEqual({});
    expect(counts.slowOpened).toBe(5);
    expect(counts.missing).toBe(0);
  });
});

/**
 * Measures 40 streams on two connections of a server written by hand.
 *
 * @param disturb called when each stream has had three events
 */
async function measureDisturbed(disturb: (connections: Http2Peer['connections']) => void) {
  let ready = 0;
  const peer = await startHttp2Peer((stream) => {
    stream.headers(200, eventStream);
    let n = 0;
    const timer = setInterval(() => {
      stream.data(`data: ${n++}\n\n`);
      if (n === 3 && ++ready === 40) disturb(peer.connections);
    }, 50);
    stream.peer.socket.on('close', () => clearInterval(timer));
  });
  peers.push(peer);
  const { result } = await measureOnce(urlOf(peer.url, overHttp2(20)), {
    scenario: { streams: 40, quietStreams: 0, durationMs: 3_000 },
  });
  return measured(result);
}
const countsOf = (failures: Record<string, { count: number }>) =>
  Object.fromEntries(Object.entries(failures).map(([cause, { count }]) => [cause, count]));

test('a connection that is lost fails each of its 20 streams', async () => {
  const { failures, http2 } = await measureDisturbed(([first]) => first!.socket.resetAndDestroy());
  expect(countsOf(failures)).toEqual({ 'connection reset': 20 });
  expect(http2).toMatchObject({ sessions: 2, requests: 40, mostStreams: 20 });
});

test('resets and GOAWAY are counted by code, and are failure causes', async () => {
  const { failures, http2 } = await measureDisturbed(([first, second]) => {
    first!.goaway(999, 11);
    second!.reset(1, 2);
    second!.reset(3, 8);
  });
  expect(countsOf(failures)).toEqual({
    'GOAWAY ENHANCE_YOUR_CALM': 20,
    'RST_STREAM INTERNAL_ERROR': 1,
    'RST_STREAM CANCEL': 1,
  });
  expect(http2).toMatchObject({
    resets: { INTERNAL_ERROR: 1, CANCEL: 1 },
    goaways: { ENHANCE_YOUR_CALM: 1 },
  });
});

describe.runIf(hasProxies)('nginx', () => {
  let server: RunningServer;
  let tls: Awaited<ReturnType<typeof startProxy>>;
  let clear: Awaited<ReturnType<typeof startProxy>>;
  beforeAll(async () => {
    server = await startServer(catalog['node-http']!.file, undefined);
    tls = await startProxy('nginx with HTTP/2 over TLS', server.origin, undefined);
    clear = await startProxy('nginx with HTTP/2 only', server.origin, undefined);
  });
  afterAll(() => Promise.all([server.stop(), tls?.stop(), clear?.stop()]));

  const path = '/event?interval=50&stamp';
  const first = (url: string, request: RequestOptions) =>
    requestFirst({ url, request, withinMs: 20_000 }, new AbortController().signal);
  const accepting = (streamsPerConnection: number | null): RequestOptions => ({
    ...overHttp2(streamsPerConnection),
    ca: readFileSync(tls.certificate!, 'utf8'),
  });

  test.each(['TLS and ALPN', 'prior knowledge'])('serves streams with %s', async (how) => {
    const isTls = how.startsWith('TLS');
    const { result } = await measureOnce(
      urlOf(`${(isTls ? tls : clear).origin}${path}`, isTls ? accepting(null) : overHttp2(null)),
      { scenario: { streams: 150, quietStreams: 0 } },
    );
    const { http2, failures, counts } = measured(result);
    expect(failures).toEqual({});
    expect(counts.opened).toBe(150);
    expect(counts.events).toBeGreaterThan(150 * 5);
    expect(http2).toMatchObject({ sessions: 2, requests: 150, mostStreams: 100, resets: {} });
  });

  test('allows 128 streams on a connection, and more are refused with both numbers', async () => {
    expect(await first(`${tls.origin}${path}`, accepting(128))).toBeUndefined();
    const failure = await first(`${tls.origin}${path}`, accepting(129));
    expect(failureInWords(failure!)).toBe(
      'too many streams per connection (the server allows 128 streams on a connection, and ssebench is to open 129); use --streams-per-connection with at most what the server allows',
    );
  });

  test('that speaks only HTTP/2 is reported with the option', async () => {
    const failure = await first(`${clear.origin}${path}`, plainRequest);
    expect(failureInWords(failure!)).toBe(
      'HTTP/1.1 refused (the server answers in HTTP/2); use --http2 of ssebench run or leaks, or let the server or a proxy before it serve HTTP/1.1 too',
    );
  });
});
