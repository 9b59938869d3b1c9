/**
 * The command against servers that violate the protocol. Every stream is counted once, with a
 * failure cause that users understand. The run ends on time, and its memory is bounded.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exitCodes } from '../../result/exit-codes.ts';
import { childrenOf, isAlive } from '../../system/processes.ts';
import { runResultSchema, type RoundResult } from '../../result/run-result.ts';
import { placement } from '../../system/cores.ts';
import { startServer, type RunningServer } from '../../under-test/server.ts';

const cli = fileURLToPath(new URL('../../cli.ts', import.meta.url));
const beforeMeasuring = ['--interval', '100ms', '--ramp', '200ms', '--warmup', '200ms'];
const beforeMeasuringMs = 500;
/** Additional time to start the processes and to write the result. */
const besidesMs = 6_000;
const pollEachMs = 50;
const usual = { streams: 20, durationMs: 1_000, mostMB: 600 };

let server: RunningServer;
let folder = '';
let runs = 0;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ssebench-'));
  server = await startServer(
    fileURLToPath(new URL('../fixtures/servers/hostile.ts', import.meta.url)),
    placement()?.server,
  );
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

function peakMB(pid: number): number {
  try {
    return (
      Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
    );
  } catch {
    return 0; // it has ended meanwhile
  }
}

/**
 * Watches the children of a process: their command lines, and the peak memory of the generators.
 */
function watch(parent: number) {
  const children = new Map<number, string>();
  let mostMB = 0;
  const poll = setInterval(() => {
    for (const { pid, command } of childrenOf(parent)) {
      children.set(pid, command);
      if (command.includes('generator.ts')) mostMB = Math.max(mostMB, peakMB(pid));
    }
  }, pollEachMs);
  return () => {
    clearInterval(poll);
    return { mostMB, left: [...children].filter(([pid]) => isAlive(pid)) };
  };
}

interface Measured {
  code: number;
  round: RoundResult;
}

/** Runs the command, and checks what must hold for any server. */
async function measure(
  url: string,
  { streams, durationMs, mostMB, lateMs = besidesMs }: typeof usual & { lateMs?: number },
): Promise<Measured> {
  const load = [
    '--streams',
    `${streams}`,
    ...beforeMeasuring,
    '--duration',
    `${durationMs}ms`,
    '--rounds',
    '1',
  ];
  const startedMs = performance.now();
  // `--no-probe`, because this tests the load and not the first request.
  const args = [cli, 'run', url, ...load, '--no-probe', '--json', '--out', `run-${++runs}`];
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (text) => (output.stdout += text));
  child.stderr.on('data', (text) => (output.stderr += text));
  const watched = watch(child.pid!);
  const [code] = (await once(child, 'close')) as [number];
  const { mostMB: peak, left } = watched();

  expect(performance.now() - startedMs).toBeLessThan(beforeMeasuringMs + durationMs + lateMs);
  expect(peak).toBeGreaterThan(0);
  expect(peak).toBeLessThan(mostMB);
  expect(left).toEqual([]);
  expect(output.stderr).not.toMatch(/^\s+at /m);
  const [round] = runResultSchema.parse(JSON.parse(output.stdout)).rounds;
  const { failures, counts } = round!;
  const failed = Object.values(failures).reduce((sum, { count }) => sum + count, 0);
  expect(failed + counts!.ended + counts!.stopped).toBe(streams);
  return { code, round: round! };
}

const measurePath = (path: string, load: Parameters<typeof measure>[1] = usual) =>
  measure(`${server.origin}/${path}`, load);

/** All streams fail with this cause, and so does the round. */
function expectFailure({ code, round }: Measured, cause: string, example: string) {
  const { streams } = usual;
  expect(round.failures).toEqual({
    [cause]: { count: streams, example: expect.stringContaining(example) },
  });
  expect(round).toMatchObject({
    state: 'failed',
    message: expect.stringContaining(`${streams} × ${cause} (`),
  });
  expect(code).toBe(exitCodes.failure);
}

/** A busy machine may end a run late. A run that waits too long is late every time. */
const onTime = { retry: 2, timeout: 60_000 };

describe.concurrent('20 streams that all fail', onTime, () => {
  test.each([
    ['404', 'status 404', '404 Not Found'],
    ['500', 'status 500', '500 Internal Server Error'],
    ['204', 'status 204', '204 No Content'],
    ['redirect', 'status 307', '307 Temporary Redirect, to http://127.0.0.1/elsewhere'],
    ['html', 'not an event stream', 'Content-Type: text/html'],
    ['compress', 'unknown encoding', 'Content-Encoding: compress'],
    ['not-gzip', 'corrupt compressed data', 'gzip: incorrect header check'],
    ['gzip-cut-short', 'compressed data cut short', 'gzip: no end after 25 bytes'],
    ['status-000', 'not HTTP', 'found "HTTP/1.1 000 Nothing"'],
    ['status-429', 'status 429', '429 Too Many Requests, Retry-After: 30 s'],
    ['two-lengths', 'bad Content-Length', '2 headers: Content-Length: 9 and Content-Length: 7'],
    ['endless-short-headers', 'headers too long', 'more than 500 header lines'],
    ['half-an-event', 'no whole event', 'bytes without a whole event'],
    ['no-fields', 'no whole event', 'bytes without a whole event'],
    ['garbage', 'no whole event', 'bytes without a whole event'],
    ['no-http', 'not HTTP', 'Expected HTTP/'],
    ['no-answer', 'no answer', 'no response by the end of the run'],
    ['closes-at-once', 'closed before headers', 'other side closed, after 0 bytes'],
    ['resets-at-once', 'connection reset', 'ECONNRESET'],
    ['half-a-head', 'no answer', 'no response by the end of the run'],
    ['half-a-head-and-closes', 'closed before headers', 'other side closed, after 58 bytes'],
    ['endless-header', 'headers too long', 'more than 16 KiB of headers'],
    ['endless-hints', 'no answer', '100 × 103 Early Hints and no final response'],
    ['length-too-long', 'closed by the server in mid-stream', 'does not match content-length'],
    ['bad-chunk-size', 'not HTTP', 'Invalid character in chunk size'],
    ['no-last-chunk', 'closed by the server in mid-stream', 'the last chunk is missing'],
    ['resets-in-mid-stream', 'connection reset', 'ECONNRESET'],
  ])('the streams of /%s fail with “%s”', async (path, cause, example) => {
    expectFailure(await measurePath(path), cause, example);
  });

  test('a port without a server fails with “connection refused”', async () => {
    const nobody = createServer().listen(0, '127.0.0.1');
    await once(nobody, 'listening');
    const { port } = nobody.address() as AddressInfo;
    nobody.close();
    const result = await measure(`http://127.0.0.1:${port}/`, usual);
    expectFailure(result, 'connection refused', `ECONNREFUSED 127.0.0.1:${port}`);
  });

  test.each([
    ['ends-at-once', 0],
    ['length-too-short', usual.streams], // bytes beyond the declared length are ignored
  ])('the streams of /%s count as ended by the server', async (path, events) => {
    const { code, round } = await measurePath(path);
    expect(round).toMatchObject({
      state: 'failed',
      message: expect.stringMatching(
        `^all ${usual.streams} streams were ended by the server after \\d.* \\(median\\); if they end by design, measure how clients reconnect with --reconnect,`,
      ),
      failures: {},
      counts: { ended: usual.streams, eventsInAll: events },
    });
    expect(code).toBe(exitCodes.failure);
  });
});

/** All streams last until the end. The figures may be invalid on a busy machine. */
function expectMeasured({ code, round }: Measured): NonNullable<RoundResult['counts']> {
  expect(round).toMatchObject({
    state: 'measured',
    failures: {},
    counts: { opened: usual.streams, stopped: usual.streams },
  });
  expect([exitCodes.success, exitCodes.invalid]).toContain(code);
  return round.counts!;
}

describe.concurrent('20 streams that do not fail', onTime, () => {
  test.each([
    ['until-close', 160, Infinity],
    ['trickle', 20, 80],
  ])('the streams of /%s bring at least %i events', async (path, least, most) => {
    const result = await measurePath(path);
    const { eventsInAll } = expectMeasured(result);
    expect(eventsInAll).toBeGreaterThanOrEqual(least);
    expect(eventsInAll).toBeLessThanOrEqual(most);
    expect(result.round.unexpectedEvents).toEqual({});
  });

  test('each event of /not-utf-8 is reported as invalid UTF-8', async () => {
    const result = await measurePath('not-utf-8');
    const { eventsInAll } = expectMeasured(result);
    expect(eventsInAll).toBeGreaterThan(160);
    const example = expect.stringMatching(/^\d+ \ufffd{3}$/);
    expect(result.round.unexpectedEvents).toEqual({ 'not UTF-8': { count: eventsInAll, example } });
  });
});

describe.concurrent('20 compressed streams', onTime, () => {
  test.each(['gzip', 'deflate', 'br', 'zstd'])(
    'each event of /%s is read, and the result names the encoding',
    async (path) => {
      const result = await measurePath(path);
      const { eventsInAll, missing } = expectMeasured(result);
      expect(eventsInAll).toBeGreaterThan(160);
      expect(missing).toBe(0);
      const { encodings } = result.round;
      expect(encodings).toEqual({
        [path]: { streams: 20, sentBytes: expect.any(Number), decodedBytes: expect.any(Number) },
      });
      expect(encodings[path]!.sentBytes).toBeGreaterThan(20);
      expect(encodings[path]!.decodedBytes).toBeGreaterThanOrEqual(
        'data: 0\n\n'.length * eventsInAll,
      );
    },
  );
});

/** The most memory that one generator may use against any server. */
const mostMB = 250;

/** Each stream is counted once, and only these failure causes occur. */
function expectOnly({ round }: Measured, ...causes: string[]) {
  expect(causes).toEqual(expect.arrayContaining(Object.keys(round.failures)));
}

// The garbage waiting at the worst moment varies, so the tests may be repeated. Without a bound, it
// would be gigabytes every time.
const bounded = { retry: 2, timeout: 120_000 };

describe('an endless response', bounded, () => {
  const withoutEnd = ['endless-line', 'endless-event', 'gigabyte'];

  test.each(withoutEnd)('20 streams of /%s all fail, the fast ones as too long', async (path) => {
    const { round, code } = await measurePath(path, { ...usual, durationMs: 2_000 });
    const { 'event too long': tooLong, 'no whole event': none, ...others } = round.failures;
    expect(others).toEqual({});
    expect(tooLong).toMatchObject({ example: expect.stringContaining('MiB') });
    // A slow machine has not received that much of every stream by the end.
    expect(tooLong!.count + (none?.count ?? 0)).toBe(usual.streams);
    expect(round.state).toBe('failed');
    expect(code).toBe(exitCodes.failure);
  });

  test.each([...withoutEnd, 'endless-comment', 'endless-id', 'endless-nuls'])(
    '300 streams of /%s stay within the memory limit',
    async (path) => {
      const { round } = await measurePath(path, { streams: 300, durationMs: 2_000, mostMB });
      expect(round.failures['event too long']).toMatchObject({
        example: expect.stringContaining('MiB'),
      });
    },
  );

  test.each(['endless-comments', 'endless-ids', 'whole-events', 'endless-short-headers'])(
    '300 streams of /%s stay within the memory limit',
    async (path) => {
      const result = await measurePath(path, { streams: 300, durationMs: 2_000, mostMB });
      expectOnly(result, 'event too long', 'no whole event', 'no answer', 'headers too long');
    },
  );
});

/** Measures two paths at once, because one run alone waits for half of its time. */
async function measureAtOnce(paths: readonly string[], streams: number) {
  const load = { streams, durationMs: 2_000, mostMB: 500 };
  return Promise.all(paths.map((path) => measurePath(path, load)));
}

describe('decompression bombs', bounded, () => {
  test.each(['bomb-gzip', 'bomb-br', 'bomb-zstd'])(
    '20 streams of /%s fail as decompression bombs',
    async (path) => {
      const { round, code } = await measurePath(path, { ...usual, durationMs: 3_000 });
      expect(round.failures['decompression bomb']).toMatchObject({
        count: 20,
        example: expect.stringMatching(/MiB.*: [\d,]+ bytes from [\d,]+ bytes of \w+/),
      });
      expect(code).toBe(exitCodes.failure);
    },
  );

  test.each([[['bomb-gzip', 'bomb-br']], [['bomb-of-lines']]])(
    '1,000 streams of %j stay within the memory limit',
    async (paths) => {
      for (const result of await measureAtOnce(paths, 1_000))
        expectOnly(result, 'decompression bomb', 'event too long', 'no whole event', 'no answer');
    },
  );

  test('300 streams of /bomb-of-comments and /bomb-of-events stay within the memory limit', async () => {
    for (const result of await measureAtOnce(['bomb-of-comments', 'bomb-of-events'], 300))
      // While a generator decompresses some streams, it does not read the others.
      expectOnly(result, 'no answer', 'stalled', 'decompression takes too much memory');
  });
});
