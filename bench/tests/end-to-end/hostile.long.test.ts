/**
 * The command against servers that violate the protocol. Every stream is counted once, with a
 * failure cause that users understand, and the run ends on time.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exitCodes } from '../../result/exit-codes.ts';
import { freePort } from '../fixtures/helpers/free-port.ts';
import {
  endHostile,
  measureAll,
  startHostile,
  timeout,
  usual,
} from '../fixtures/helpers/hostile-runs.ts';

beforeAll(startHostile);
afterAll(endHostile);

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
    unused = `http://127.0.0.1:${await freePort()}/`;
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
        `^all ${streams} streams were ended by the server after \\d.* \\(median\\); if each is one answer, use --answers\\. If they end by design,`,
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
