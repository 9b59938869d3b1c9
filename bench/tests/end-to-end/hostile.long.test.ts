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
/**
 * A round that waits for something in vain takes at least 15 s longer than others, on a machine of
 * any speed.
 */
const inVainMs = 14_000;
const pollEachMs = 50;
interface Load {
  streams: number;
  durationMs: number;
  /** The most memory that a generator may use. */
  mostMB: number;
}
const usual: Load = { streams: 20, durationMs: 2_000, mostMB: 600 };
/** These tests wait for whole runs. */
const timeout = 180_000;

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
  const peaks = new Map<number, number>();
  const poll = setInterval(() => {
    for (const { pid, command } of childrenOf(parent)) {
      children.set(pid, command);
      if (command.includes('generator.ts'))
        peaks.set(pid, Math.max(peaks.get(pid) ?? 0, peakMB(pid)));
    }
  }, pollEachMs);
  return () => {
    clearInterval(poll);
    return { peaks: [...peaks.values()], left: [...children].filter(([pid]) => isAlive(pid)) };
  };
}

interface Measured {
  code: number;
  /** By path. */
  rounds: ReadonlyMap<string, RoundResult>;
}

/** Runs the command on these paths, and checks what must hold for any server. */
async function measure(paths: readonly string[], load = usual): Promise<Measured> {
  const { streams, durationMs, mostMB } = load;
  const urlOf = (path: string) => (path.startsWith('http') ? path : `${server.origin}/${path}`);
  const options = {
    streams: String(streams),
    interval: '100ms',
    ramp: '200ms',
    warmup: '200ms',
    duration: `${durationMs}ms`,
    rounds: '1',
    out: `run-${++runs}`,
  };
  const words = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  // `--no-probe`, because this tests the load and not the first request.
  const args = [cli, 'run', ...paths.map(urlOf), ...words, '--no-probe', '--json'];
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (text) => (output.stdout += text));
  child.stderr.on('data', (text) => (output.stderr += text));
  const watched = watch(child.pid!);
  const [code] = (await once(child, 'close')) as [number];
  const { peaks, left } = watched();
  const endedMs = Date.now();

  expect(left).toEqual([]);
  expect(output.stderr).not.toMatch(/^\s+at /m);
  expect(peaks).toEqual(paths.map(() => expect.toSatisfy((peak) => peak > 0 && peak < mostMB)));
  const { rounds } = runResultSchema.parse(JSON.parse(output.stdout));
  const startedMs = rounds.map(({ startedAt }) => Date.parse(startedAt));
  const lastedMs = startedMs.map((atMs, place) => (startedMs[place + 1] ?? endedMs) - atMs);
  expect(Math.max(...lastedMs) - Math.min(...lastedMs)).toBeLessThan(inVainMs);
  for (const { failures, counts } of rounds) {
    const failed = Object.values(failures).reduce((sum, { count }) => sum + count, 0);
    expect(failed + counts!.ended + counts!.stopped).toBe(streams);
  }
  const roundOf = (path: string) => rounds.find((round) => round.server === urlOf(path))!;
  return { code, rounds: new Map(paths.map((path) => [path, roundOf(path)])) };
}

/**
 * Measures many paths: several runs at once, each of some paths one after another. Most of a run is
 * waiting.
 */
async function measureAll(paths: readonly string[], atOnce: number, load = usual) {
  const measured = await Promise.all(
    Array.from({ length: atOnce }, (_, run) =>
      measure(
        paths.filter((_path, place) => place % atOnce === run),
        load,
      ),
    ),
  );
  return {
    codes: new Set(measured.map(({ code }) => code)),
    rounds: new Map(measured.flatMap(({ rounds }) => [...rounds])),
  };
}

describe('20 streams that all fail', () => {
  const { streams } = usual;
  const causes = [
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
  ] as const;
  /** The path, and the number of events that arrive before the end. */
  const ended = [
    ['ends-at-once', 0],
    ['length-too-short', streams], // bytes beyond the declared length are ignored
  ] as const;
  let unused = '';
  let found: Awaited<ReturnType<typeof measureAll>>;
  beforeAll(async () => {
    const nobody = createServer().listen(0, '127.0.0.1');
    await once(nobody, 'listening');
    unused = `http://127.0.0.1:${(nobody.address() as AddressInfo).port}/`;
    nobody.close();
    found = await measureAll([...[...causes, ...ended].map(([path]) => path), unused], 5);
  }, timeout);

  /** All streams fail with this cause, and so does the round. */
  function expectFailure(path: string, cause: string, example: string) {
    const round = found.rounds.get(path)!;
    expect(round.failures).toEqual({
      [cause]: { count: streams, example: expect.stringContaining(example) },
    });
    expect(round).toMatchObject({
      state: 'failed',
      message: expect.stringContaining(`${streams} × ${cause} (`),
    });
  }

  test('the command fails', () => {
    expect(found.codes).toEqual(new Set([exitCodes.failure]));
  });

  test.each(causes)('the streams of /%s fail with “%s”', expectFailure);

  test('a port without a server fails with “connection refused”', () => {
    expectFailure(unused, 'connection refused', `ECONNREFUSED ${new URL(unused).host}`);
  });

  test.each(ended)('the streams of /%s count as ended by the server', (path, events) => {
    expect(found.rounds.get(path)).toMatchObject({
      state: 'failed',
      message: expect.stringMatching(
        `^all ${streams} streams were ended by the server after \\d.* \\(median\\); if they end by design, measure how clients reconnect with --reconnect,`,
      ),
      failures: {},
      counts: { ended: streams, eventsInAll: events },
    });
  });
});

describe('20 streams that do not fail', () => {
  const encodings = ['gzip', 'deflate', 'br', 'zstd'];
  let found: Awaited<ReturnType<typeof measureAll>>;
  beforeAll(async () => {
    const paths = ['until-close', 'trickle', 'not-utf-8', ...encodings];
    // Long enough for the expected number of events on a slow machine too.
    found = await measureAll(paths, 3, { ...usual, durationMs: 2_000 });
  }, timeout);

  test('the command succeeds, or finds figures invalid on a busy machine', () => {
    expect([exitCodes.success, exitCodes.invalid]).toEqual(
      expect.arrayContaining([...found.codes]),
    );
  });

  /** All streams last until the end. */
  function expectMeasured(path: string) {
    const round = found.rounds.get(path)!;
    expect(round).toMatchObject({
      state: 'measured',
      failures: {},
      counts: { opened: usual.streams, stopped: usual.streams },
    });
    return { ...round, counts: round.counts! };
  }

  test.each([
    ['until-close', 160, Infinity],
    ['trickle', 20, 120],
  ])('the streams of /%s bring at least %i events', (path, least, most) => {
    const { counts, unexpectedEvents } = expectMeasured(path);
    expect(counts.eventsInAll).toBeGreaterThanOrEqual(least);
    expect(counts.eventsInAll).toBeLessThanOrEqual(most);
    expect(unexpectedEvents).toEqual({});
  });

  test('each event of /not-utf-8 is reported as invalid UTF-8', () => {
    const { counts, unexpectedEvents } = expectMeasured('not-utf-8');
    expect(counts.eventsInAll).toBeGreaterThan(160);
    const example = expect.stringMatching(/^\d+ \ufffd{3}$/);
    expect(unexpectedEvents).toEqual({ 'not UTF-8': { count: counts.eventsInAll, example } });
  });

  test.each(encodings)('each event of /%s is read, and the result names the encoding', (path) => {
    const { counts, encodings: used } = expectMeasured(path);
    expect(counts.eventsInAll).toBeGreaterThan(160);
    expect(counts.missing).toBe(0);
    expect(used).toEqual({
      [path]: { streams: 20, sentBytes: expect.any(Number), decodedBytes: expect.any(Number) },
    });
    expect(used[path]!.sentBytes).toBeGreaterThan(20);
    expect(used[path]!.decodedBytes).toBeGreaterThanOrEqual(
      'data: 0\n\n'.length * counts.eventsInAll,
    );
  });
});

/**
 * The most memory that one generator may use against any server: 96 MiB of unfinished events, the
 * 100 MB of Node, and as much garbage as unfinished events.
 */
const mostMB = 300;

/** Each stream is counted once, and only these failure causes occur. */
function expectOnly({ rounds }: Measured, ...causes: string[]) {
  for (const [path, { failures }] of rounds)
    expect({ path, causes }).toEqual({
      path,
      causes: expect.arrayContaining(Object.keys(failures)),
    });
}

// The garbage waiting at the worst moment varies, so the tests may be repeated. Without a bound, it
// would be gigabytes every time.
const bounded = { retry: 2, timeout };

describe('an endless response', bounded, () => {
  const withoutEnd = ['endless-line', 'endless-event', 'gigabyte'];

  test(`20 streams of ${withoutEnd.join(', ')} all fail, the fast ones as too long`, async () => {
    const { rounds, code } = await measure(withoutEnd);
    for (const { failures, state } of rounds.values()) {
      const { 'event too long': tooLong, 'no whole event': none, ...others } = failures;
      expect(others).toEqual({});
      expect(tooLong).toMatchObject({ example: expect.stringContaining('MiB') });
      // A slow machine has not received that much of every stream by the end.
      expect(tooLong!.count + (none?.count ?? 0)).toBe(usual.streams);
      expect(state).toBe('failed');
    }
    expect(code).toBe(exitCodes.failure);
  });

  // The streams reach the limit within half a second. A busy machine needs more.
  const many = { streams: 300, durationMs: 2_000, mostMB };

  test.each([withoutEnd, ['endless-comment', 'endless-id', 'endless-nuls']])(
    '300 streams of %s, %s and %s stay within the memory limit',
    async (...paths) => {
      for (const { failures } of (await measure(paths, many)).rounds.values())
        expect(failures['event too long']).toMatchObject({
          example: expect.stringContaining('MiB'),
        });
    },
  );

  test.each([
    ['endless-comments', 'endless-ids'],
    ['whole-events', 'endless-short-headers'],
  ])('300 streams of %s and %s stay within the memory limit', async (...paths) => {
    const result = await measure(paths, many);
    expectOnly(result, 'event too long', 'no whole event', 'no answer', 'headers too long');
  });
});

/** Measures two paths at once, because one run alone waits for half of its time. */
async function measureAtOnce(paths: readonly string[], streams: number) {
  const load = { streams, durationMs: 2_000, mostMB: 500 };
  return Promise.all(paths.map((path) => measure([path], load)));
}

describe('decompression bombs', bounded, () => {
  test('20 streams of each fail as decompression bombs', async () => {
    const bombs = ['bomb-gzip', 'bomb-br', 'bomb-zstd'];
    const { rounds, code } = await measure(bombs, { ...usual, durationMs: 3_000 });
    for (const { failures } of rounds.values())
      expect(failures['decompression bomb']).toMatchObject({
        count: 20,
        example: expect.stringMatching(/MiB.*: [\d,]+ bytes from [\d,]+ bytes of \w+/),
      });
    expect(code).toBe(exitCodes.failure);
  });

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
