/** Tests every rule of the contract in README.md on every server, as a real process. */
import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createParser } from 'eventsource-parser';
import { fetch as fetchWith, H2CClient } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  releasesSeen,
  stillWatched,
  takeBaseline,
  watchReleases,
} from '../bench/under-test/holdings.ts';
import { openInspector } from '../bench/inspector/inspect.ts';
import { launch } from '../bench/system/launch.ts';
import { listenersOf } from '../bench/system/listeners.ts';
import { sampleProcess } from '../bench/system/process.ts';
import { startServer, type RunningServer } from '../bench/under-test/server.ts';
import { catalog, type CatalogEntry } from './catalog.ts';

/** The origins of servers that speak only HTTP/2. */
const http2Origins = new Set<string>();
function learnProtocol(origin: string, { http2 }: CatalogEntry): void {
  if (http2) http2Origins.add(origin);
  else http2Origins.delete(origin);
}
async function startEntry(entry: CatalogEntry): Promise<RunningServer> {
  const server = await startServer(entry.file, undefined);
  learnProtocol(server.origin, entry);
  return server;
}

/** Like `fetch`, in the protocol of the server. */
function get(url: string, init: { headers?: Record<string, string>; signal?: AbortSignal } = {}) {
  const { origin } = new URL(url);
  if (!http2Origins.has(origin)) return fetch(url, init);
  const answer = fetchWith(url, { ...init, dispatcher: new H2CClient(origin) });
  return answer as unknown as Promise<Response>;
}

interface Received {
  data: string;
  atMs: number;
}

/** Reads the events of a response to its end, or until there are enough. */
async function readEvents(
  url: string,
  enough = Infinity,
  onEvent = () => {},
): Promise<{ response: Response; events: Received[]; atMs: number }> {
  const client = new AbortController();
  const atMs = performance.now();
  const response = await get(url, { signal: client.signal });
  const events: Received[] = [];
  const parser = createParser({
    onEvent({ data }) {
      events.push({ data, atMs: performance.now() - atMs });
      onEvent();
    },
  });
  const decoder = new TextDecoder();
  try {
    for await (const chunk of response.body!) {
      parser.feed(decoder.decode(chunk, { stream: true }));
      if (events.length >= enough) break;
    }
  } finally {
    client.abort();
  }
  return { response, events: events.slice(0, enough), atMs };
}

/** Opens a stream for each interval, and returns their readers when each has received an event. */
async function openStreams(origin: string, intervalsMs: readonly number[]) {
  const streams = intervalsMs.map((interval) => {
    const first = Promise.withResolvers<void>();
    const read = readEvents(`${origin}/event?interval=${interval}`, Infinity, first.resolve);
    return { first: first.promise, read };
  });
  await Promise.all(streams.map(({ first, read }) => Promise.race([first, read])));
  return streams.map(({ read }) => read);
}

/**
 * For rules with a time: a busy machine may miss it several times, a server that breaks the rule
 * always does.
 */
const timed = { retry: 8 };

const dataOf = (events: readonly Received[]) => events.map(({ data }) => data);

/** A stream that stays open, and reads only on request. */
interface Reader {
  read(): void;
  destroy(): void;
}

function openReader(origin: string, path: string): Reader {
  if (http2Origins.has(origin)) return openHttp2Reader(origin, path);
  const { port, hostname } = new URL(origin);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {});
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  return { read: () => void socket.resume(), destroy: () => void socket.destroy() };
}

function openHttp2Reader(origin: string, path: string): Reader {
  const session = connectHttp2(origin);
  const stream = session.request({ ':path': path });
  for (const each of [session, stream]) each.on('error', () => {});
  return { read: () => void stream.resume(), destroy: () => session.destroy() };
}

async function until(holds: () => boolean | Promise<boolean>, withinMs = 120_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${holds}`);
    await sleep(10);
  }
}

/** Runs the server with these arguments, and collects its output until it ends. */
function runWith(file: string, ...args: string[]) {
  const child = launch([process.execPath, file, ...args], {
    cores: undefined,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout!.on('data', (text) => (output += text));
  child.stderr!.on('data', (text) => (output += text));
  const exit = new Promise<{ code: number | null; output: string }>((resolve) =>
    child.once('close', (code) => resolve({ code, output })),
  );
  return { child, exit, output: () => output };
}

const servers = new Map<string, RunningServer>();
beforeAll(async () => {
  const all = Object.entries(catalog).map(async ([name, entry]) =>
    servers.set(name, await startEntry(entry)),
  );
  await Promise.all(all);
});
afterAll(() => Promise.all([...servers.values()].map((server) => server.stop())));
const originOf = (name: string) => servers.get(name)!.origin;

// These tests mostly wait.
describe.concurrent('rules 1 and 2, with all servers at the same time', () => {
  const names = Object.keys(catalog);

  test.each(names)('%s counts from 0, and sends one event after each interval', async (name) => {
    const { events } = await readEvents(`${originOf(name)}/event?interval=20`, 30);
    expect(dataOf(events)).toEqual(Array.from({ length: 30 }, (_, n) => String(n)));
    for (const [n, { atMs }] of events.entries()) expect(atMs).toBeGreaterThan((n + 1) * 20 - 5);
    // With the default interval, it would take 30 s.
    expect(events.at(-1)!.atMs).toBeLessThan(20_000);
  });

  test.each(names)('each stream of %s has its own counter', async (name) => {
    const [first, second] = await Promise.all([
      readEvents(`${originOf(name)}/event?interval=30`, 5),
      sleep(75).then(() => readEvents(`${originOf(name)}/event?interval=30`, 3)),
    ]);
    expect(dataOf(first.events)).toEqual(['0', '1', '2', '3', '4']);
    expect(dataOf(second.events)).toEqual(['0', '1', '2']);
  });

  test.each(names)('the default of %s is one event a second', timed, async (name) => {
    const { events } = await readEvents(`${originOf(name)}/event`, 2);
    expect(events[0]!.atMs).toBeGreaterThan(990);
    expect(events[1]!.atMs - events[0]!.atMs).toBeGreaterThan(990);
    expect(events[1]!.atMs).toBeLessThan(3_900);
  });

  const waiting = names.filter((name) => catalog[name]!.waitsForDrain);
  test.each(waiting)('%s, at interval=0, waits for a client that does not read', async (name) => {
    const { pid } = servers.get(name)!;
    const before = sampleProcess(pid)!.rssBytes;
    const reader = openReader(originOf(name), '/event?interval=0&bytes=10000');
    await sleep(1_500);
    const grown = sampleProcess(pid)!.rssBytes - before;
    reader.destroy();
    expect(grown).toBeLessThan(100 * 2 ** 20); // without backpressure it would be 1 GB
  });
});

describe.each(Object.entries(catalog))('%s', (current, { file, resumes = false }) => {
  let server: RunningServer;
  beforeAll(() => {
    server = servers.get(current)!;
  });

  test('rule 1: the response has status 200, the content type and the CORS header', async () => {
    const { response } = await readEvents(`${server.origin}/event?interval=10`, 1);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream\s*(;|$)/);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
  });

  describe('rule 2: options in the query', () => {
    test('limit ends the stream after this number of events', async () => {
      const { events } = await readEvents(`${server.origin}/event?interval=5&limit=3`);
      expect(dataOf(events)).toEqual(['0', '1', '2']);
    });

    test('bytes pads the data', async () => {
      const { events } = await readEvents(`${server.origin}/event?interval=5&limit=2&bytes=40`);
      expect(dataOf(events)).toEqual(['0'.padEnd(40, '.'), '1'.padEnd(40, '.')]);
    });

    test('stamp adds the time of the machine’s monotonic clock', async () => {
      const before = process.hrtime.bigint();
      const { events } = await readEvents(`${server.origin}/event?interval=20&limit=3&stamp`);
      const after = process.hrtime.bigint();
      const found = dataOf(events).map((data) => /^(\d+) (\d+)$/.exec(data)!);
      expect(found.map(([, n]) => n)).toEqual(['0', '1', '2']);
      const stamps = found.map(([, , stamp]) => BigInt(stamp!));
      expect([before, ...stamps, after]).toEqual(
        [before, ...stamps, after].toSorted((a, b) => Number(a - b)),
      );
    });

    test('ticker=shared uses one timer, which is cleared with the last stream', timed, async () => {
      const inspector = await openInspector(server.inspectorUrl);
      const timers = () =>
        inspector.call(
          () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length,
        );
      try {
        const own = await timers();
        const [first, second] = await Promise.all([
          readEvents(`${server.origin}/event?interval=200&ticker=shared&stamp`, 3),
          sleep(100).then(() =>
            readEvents(`${server.origin}/event?interval=200&ticker=shared&stamp`, 2),
          ),
        ]);
        const stampsMs = ({ events }: { events: readonly Received[] }) =>
          events.map(({ data }) => Number(data.split(' ')[1]) / 1e6);
        expect(dataOf(second.events).map((data) => data.split(' ')[0])).toEqual(['0', '1']);
        // A stream that starts later ticks at the same time as the others.
        for (const stampMs of stampsMs(second))
          expect(Math.min(...stampsMs(first).map((each) => Math.abs(each - stampMs)))).toBeLessThan(
            50,
          );
        await until(async () => (await timers()) <= own);
      } finally {
        inspector.close();
      }
    });

    test.runIf(resumes)(
      'resume and retry number the events, and continue after Last-Event-ID',
      async () => {
        const read = async (headers: Record<string, string>) =>
          (
            await get(`${server.origin}/event?interval=5&limit=2&resume&retry=700`, { headers })
          ).text();
        expect(await read({})).toBe('retry: 700\nid: 0\ndata: 0\n\nid: 1\ndata: 1\n\n');
        expect(await read({ 'Last-Event-ID': '41' })).toBe(
          'retry: 700\nid: 42\ndata: 42\n\nid: 43\ndata: 43\n\n',
        );
        expect(await read({ 'Last-Event-ID': 'not a number' })).toMatch(/^retry: 700\nid: 0\n/);
      },
    );

    test('interval=0 sends as fast as the client reads', async () => {
      const { events } = await readEvents(`${server.origin}/event?interval=0&limit=5000`);
      expect(dataOf(events)).toEqual(Array.from({ length: 5000 }, (_, n) => String(n)));
    });

    test.each([
      ['interval', 'soon'],
      ['interval', '-1'],
      ['interval', '1.5'],
      ['interval', ''],
      ['interval', '2147483648'],
      ['limit', '0'],
      ['bytes', '1e3'],
      ['stamp', 'maybe'],
      ['ticker', 'many'],
      ['resume', 'later'],
      ['retry', 'soon'],
    ])('%s=%s is answered with 400 and the name of the parameter', async (name, value) => {
      const response = await get(`${server.origin}/event?${name}=${value}`);
      expect(response.status).toBe(400);
      expect(await response.text()).toContain(name);
    });

    test('a response with 400 names every bad parameter at once', async () => {
      const response = await get(`${server.origin}/event?interval=x&limit=x&bytes=x&stamp=x`);
      const text = await response.text();
      for (const name of ['interval', 'limit', 'bytes', 'stamp']) expect(text).toContain(name);
    });
  });

  test.each([100, 10_000])(
    'rule 3: a timer of %i ms ends within 100 ms of the disconnect',
    timed,
    async (interval) => {
      const streams = 5;
      const inspector = await openInspector(server.inspectorUrl);
      const timers = () =>
        inspector.call(
          () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length,
        );
      try {
        const own = await timers();
        await takeBaseline(inspector);
        const readers = Array.from({ length: streams }, () =>
          openReader(server.origin, `/event?interval=${interval}`),
        );
        for (const reader of readers) reader.read();
        await until(async () => (await timers()) >= own + streams);
        await watchReleases(inspector);
        const disconnectedNs = Number(process.hrtime.bigint());
        for (const reader of readers) reader.destroy();
        await until(async () => Object.keys(await stillWatched(inspector)).length === 0);
        const released = (await releasesSeen(inspector))[interval]!;
        // better-sse has an additional timer of 10 s for each stream.
        expect(released.length).toBeGreaterThanOrEqual(streams);
        expect(Math.max(...released) - disconnectedNs).toBeLessThan(100e6);
      } finally {
        inspector.close();
      }
    },
  );

  test('rule 4: the server serves the page', async () => {
    const response = await get(`${server.origin}/`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^text\/html/);
    const text = await response.text();
    expect(text).toContain('new EventSource(');
    expect(text).toContain('role="status">connecting<');
  });

  describe('rule 5: signals and the port', () => {
    test('SIGUSR2 ends every stream, but not the process', async () => {
      const streams = await openStreams(server.origin, [20, 20, 20]);
      server.endStreams();
      // No stream was cut off.
      for (const { events } of await Promise.all(streams)) expect(events.length).toBeGreaterThan(0);
      // A keep-alive connection may close under the next request.
      const next = () => readEvents(`${server.origin}/event?interval=5`, 2).catch(() => undefined);
      await expect.poll(async () => dataOf((await next())?.events ?? [])).toEqual(['0', '1']);
    });

    test('a taken port is refused with a sentence', async () => {
      const { port } = new URL(server.origin);
      const { code, output } = await runWith(file, '--port', port).exit;
      expect(code).toBe(2);
      expect(output).toBe(
        `--port ${port}: in use on 127.0.0.1; choose another port, or 0 for a free one\n`,
      );
    });
  });
});

describe.each(Object.entries(catalog))('%s, rule 5', (_name, entry) => {
  const { file } = entry;

  test('SIGTERM ends every stream and the process within a second', timed, async () => {
    const server = await startEntry(entry);
    const streams = await openStreams(server.origin, [20, 40, 60, 80, 100]);
    const { tookMs, wasKilled, code, signal } = await server.shutDown(5_000, () => {});
    expect(tookMs).toBeLessThan(1_000);
    expect({ wasKilled, code, signal }).toEqual({ wasKilled: false, code: 0, signal: null });
    // No stream was cut off.
    for (const { events } of await Promise.all(streams)) expect(events.length).toBeGreaterThan(0);
  });

  test('the server listens at the given address, prints it, and shares its port', async () => {
    const host = '127.0.0.2';
    const { child, exit, output } = runWith(file, '--port', '0', '--host', host, '--reuse-port');
    await until(() => output().includes('/event'));
    const [, port] = /^Server is running on port (\d+)$/m.exec(output())!;
    expect(output()).toContain(`http://${host}:${port}/event`);
    learnProtocol(`http://${host}:${port}`, entry);
    expect((await get(`http://${host}:${port}/`)).status).toBe(200);
    // It listens at no other address. Another process may have the same port there.
    const places = listenersOf(child.pid!).map((one) => `${one.address}:${one.port}`);
    expect(places).toEqual([`${host}:${port}`]);
    const other = createServer().listen({ port: Number(port), host, reusePort: true });
    await once(other, 'listening'); // rejects if the port is taken
    other.close();
    child.kill('SIGTERM');
    expect((await exit).code).toBe(0);
  });
});
