/** The findings that need simulated times, and streams that must have none. */
import { describe, expect, test } from 'vitest';
import {
  eventsAt,
  eventsEvery,
  observations,
  observedStream,
  readsOf,
} from '../tests/fixtures/helpers/observations.ts';
import { plainRequest, type RequestOptions } from '../scenario/request-options.ts';
import { judge } from './judge.ts';
import type { Observations, ObservedStream } from './observations.ts';
import type { ObservedShutdown } from './shutdown.ts';

const seriousIn = (own: Partial<Observations>) =>
  judge(observations(own)).findings.flatMap(({ severity, name }) =>
    severity === 'info' ? [] : name,
  );
const evidenceOf = (name: string, own: Partial<Observations>) =>
  judge(observations(own)).findings.find((finding) => finding.name === name)?.evidence;
/** All streams are like this one. */
const alone = (first: ObservedStream): Partial<Observations> => ({
  first,
  second: first,
  compressed: first,
  resumed: null,
});

test('a clean stream has no finding but facts', () => {
  expect(judge(observations()).findings.map(({ name }) => name)).toEqual([
    'no-retry',
    'six-connections',
  ]);
});

describe('silence', () => {
  /** A stream with bytes at these times, observed for this time. */
  const stream = (watchedMs: number, ...times: number[]) => ({
    ...alone(observedStream({ watchedMs, reads: eventsAt(...times) })),
    watchMs: watchedMs,
  });
  const heartbeats = (own: Partial<Observations>) =>
    judge(observations(own)).findings.flatMap(({ topic, name }) =>
      topic === 'heartbeats' ? name : [],
    );

  test.each([
    ['nothing within 10 s', stream(10_000), ['silent']],
    ['only an event at the start', stream(10_000, 20), ['silent']],
    ['a snapshot, then nothing', stream(10_000, 20, 500, 900), ['silent']],
    ['an event each second', stream(10_000, 1_000, 2_000, 3_000, 9_000), []],
    ['an event each 4 s', stream(10_000, 4_000, 8_000), []],
    ['one event at 6 s', stream(10_000, 6_000), []],
    ['a heartbeat each 15 s', stream(65_000, 15_000, 30_000, 45_000, 60_000), ['silent-10s']],
    ['a heartbeat each 30 s', stream(65_000, 30_000, 60_000), ['silent-30s']],
    ['a heartbeat each 29 s', stream(65_000, 29_000, 58_000), ['silent-10s']],
    ['nothing within 65 s', stream(65_000), ['silent-60s']],
    ['one event, then nothing for 65 s', stream(65_000, 100), ['silent-60s']],
    ['nothing within 62 s', stream(62_000), ['silent-60s']],
    ['nothing for the last 40 s of 65 s', stream(65_000, 25_000), ['silent-30s']],
  ])('%s', (_what, own, expected) => expect(heartbeats(own)).toEqual(expected));

  test('is never a pass if the observation was too short', () => {
    const { fine } = judge(observations(stream(10_000)));
    expect(fine).not.toContain('heartbeats');
    expect(evidenceOf('silent', stream(10_000))).toBe('silent for 10 s; run with --watch 65s');
  });
});

describe('streaming', () => {
  const together = (atMs: number, count: number) =>
    eventsAt(...Array.from({ length: count }, () => atMs));

  test('is named in words', () => {
    const reads = [...eventsAt(100), ...together(2_990, 33)];
    expect(
      evidenceOf('burst-at-the-end', alone(observedStream({ reads, endedAfterMs: 3_000 }))),
    ).toBe('97 % of the 34 events arrived in the last 2 % of 3 s');
  });

  test.each<[string, ObservedStream, string[]]>([
    ['a burst at the start', observedStream({ reads: together(20, 40), endedAfterMs: 25 }), []],
    [
      'a burst, then events',
      observedStream({ reads: [...together(20, 40), ...eventsEvery(500, 9_900)] }),
      [],
    ],
    [
      'few events at the end',
      observedStream({ reads: together(3_000, 5), endedAfterMs: 3_000 }),
      [],
    ],
    [
      'an unlimited rate',
      observedStream({ reads: eventsEvery(1, 3_000), endedAfterMs: 3_000 }),
      [],
    ],
    [
      'ten metrics each second',
      observedStream({
        reads: Array.from({ length: 10 }, (_, s) => together(1_000 * s, 10)).flat(),
      }),
      [],
    ],
    [
      'one stall in the middle of an event',
      observedStream({
        reads: readsOf([0, 'data: 1\n'], [2_000, '\ndata: 2\n\n'], [9_000, ': a\n\n']),
      }),
      [],
    ],
    [
      'comments after a retry, without blank lines',
      observedStream({
        reads: readsOf(
          [5, 'retry: 3000\n'],
          ...[2_000, 4_000, 6_000, 8_000].map((atMs) => [atMs, ': ping\n'] as const),
        ),
      }),
      [],
    ],
    ['a batch of an open stream', observedStream({ reads: together(8_000, 12) }), []],
    ['a history that takes 1.5 s', observedStream({ reads: together(1_500, 40) }), ['silent']],
    [
      'a buffer of 10 bytes',
      observedStream({
        reads: readsOf(
          [0, 'data: 1\n\nd'],
          [3_000, 'ata: 2\n\nda'],
          [6_000, 'ta: 3\n\n'],
          [8_000, ':\n'],
        ),
      }),
      ['cut-by-a-buffer'],
    ],
  ])('%s', (_what, first, expected) => expect(seriousIn(alone(first))).toEqual(expected));
});

describe('compression', () => {
  const slow = observedStream({ reads: eventsAt(2_000, 4_000) });
  const silent = observedStream({ headers: { 'content-encoding': 'gzip' } });

  test('nothing arrives with it', () => {
    expect(evidenceOf('silent-with-compression', { compressed: silent })).toBe(
      'nothing in 10 s with Accept-Encoding: gzip, br (Content-Encoding: gzip), although 100 events arrived without it',
    );
  });

  test('is not judged if nothing arrives without it', () => {
    expect(seriousIn({ compressed: silent, second: slow })).toEqual([]);
    expect(judge(observations({ compressed: silent, second: slow })).skipped).toContainEqual({
      topic: 'compression',
      reason: 'fewer than 3 events or comments arrived without it',
    });
  });

  test('heartbeats do not arrive with it', () => {
    const idle = observedStream({
      reads: readsOf(...[2_000, 4_000, 6_000, 8_000].map((atMs) => [atMs, ': ping\n\n'] as const)),
    });
    expect(evidenceOf('silent-with-compression', { ...alone(idle), compressed: silent })).toMatch(
      /, although 4 comments arrived without it$/,
    );
    expect(seriousIn(alone(idle))).toEqual([]);
  });

  test('is not judged if the server refuses every third stream', () => {
    const refused = observedStream({ status: 429 });
    const waiting = observedStream({ status: null, headersAfterMs: null });
    expect(seriousIn({ compressed: refused })).toEqual(['fails-with-compression']);
    expect(seriousIn({ compressed: refused, third: refused })).toEqual([]);
    expect(seriousIn({ compressed: waiting, third: waiting })).toEqual([]);
    expect(judge(observations({ compressed: refused, third: refused })).skipped).toContainEqual({
      topic: 'compression',
      reason: 'the server accepts too few streams at a time',
    });
  });

  test('events in groups without compression are in groups with it', () => {
    const groups = observedStream({
      reads: Array.from({ length: 10 }, (_, s) => eventsAt(...Array(8).fill(1_000 * s))).flat(),
    });
    expect(seriousIn({ first: groups, second: groups, compressed: groups, resumed: null })).toEqual(
      [],
    );
    expect(seriousIn({ compressed: groups })).toEqual(['late-with-compression']);
  });
});

test('the end of each event arrives with the next one if a compressor holds back bits', () => {
  const plain = observedStream({ reads: eventsEvery(1_000, 9_000) });
  const held = observedStream({
    reads: readsOf(
      [1_000, 'data: 1\n'],
      [2_000, '\ndata: 2\n'],
      [3_000, '\ndata: 3\n'],
      [4_000, '\n'],
      [9_000, ':\n'],
    ),
  });
  const own = { ...alone(plain), compressed: held };
  expect(evidenceOf('late-with-compression', own)).toBe(
    '3 of 4 pauses were in the middle of an event with Accept-Encoding: gzip, br, and without it between events',
  );
  expect(seriousIn({ ...own, second: held, first: held })).toEqual(['cut-by-a-buffer']);
});

describe('a second connection', () => {
  const none = observedStream({
    headersAfterMs: null,
    status: null,
    sentAtMs: 20,
    watchedMs: 9_900,
  });

  test('is blocked', () => {
    expect(seriousIn({ second: none, compressed: none })).toEqual(['second-blocked']);
  });

  test('is not blocked if the first had no event in that time either', () => {
    const first = observedStream({ reads: eventsAt(5_000, 9_000) });
    expect(seriousIn({ ...alone(first), second: none, compressed: none })).toEqual([]);
  });

  test('is not blocked if it had too little time', () => {
    const first = observedStream({ reads: eventsAt(9_000, 9_010, 9_020, 9_030) });
    expect(seriousIn({ ...alone(first), second: none, compressed: none })).not.toContain(
      'second-blocked',
    );
  });
});

test('a compressed stream that the request asked for is not unrequested', () => {
  const first = observedStream({ headers: { 'content-encoding': 'gzip' } });
  const found = (headers: Record<string, string>) =>
    evidenceOf('unrequested-compression', {
      ...alone({ ...first, headers: { ...first.headers, 'content-type': 'text/event-stream' } }),
      request: { ...plainRequest, headers },
    });
  expect(found({})).toBe('Content-Encoding: gzip');
  expect(found({ 'accept-encoding': 'gzip' })).toBeUndefined();
});

test.each<[what: string, request: Partial<RequestOptions>, allowed: string, string | undefined]>([
  ['a plain request', {}, '', undefined],
  ['JSON', { method: 'POST', body: '{}' }, '', 'content-type'],
  ['allowed JSON', { method: 'POST', body: '{}' }, 'X-A, Content-Type', undefined],
  ['plain text', { method: 'POST', body: 'a=b' }, '', undefined],
  ['a token', { headers: { authorization: 'Bearer a' } }, '*', 'authorization'],
])('the preflight of %s', (_what, own, allowed, missing) => {
  const headers = { 'access-control-allow-headers': allowed };
  expect(
    evidenceOf('cors-preflight', {
      origin: 'https://app.example',
      request: { ...plainRequest, ...own },
      preflight: observedStream({ status: 204, headers }),
    }),
  ).toBe(missing && `OPTIONS does not allow the header ${missing}`);
});

test.each([
  [500, 'options-fails'],
  [501, 'options-refused'],
])('status %i of OPTIONS is %s', (status, name) => {
  const { findings } = judge(
    observations({ preflight: observedStream({ status, endedAfterMs: 3 }) }),
  );
  expect(findings.flatMap((each) => (each.name.startsWith('options') ? each.name : []))).toEqual([
    name,
  ]);
});

test('a stall of ssebench accuses no server of being late', () => {
  const late = observedStream({ headersAfterMs: null, status: null });
  expect(seriousIn({ ...alone(late), longestStallMs: 3_000 })).toEqual(['stalled']);
  const { findings, fine } = judge(
    observations({ ...alone(observedStream({ reads: [] })), longestStallMs: 3_000 }),
  );
  expect(findings.map(({ name }) => name)).toEqual(['stalled', 'six-connections']);
  expect(fine).toEqual(['status and content type', 'cache headers']);
  expect(fine.filter((name) => findings.some(({ topic }) => topic === name))).toEqual([]);
});

describe('the shutdown', () => {
  const orderly: ObservedShutdown = {
    ended: 3,
    cut: 0,
    inEvent: 0,
    open: 0,
    tookMs: 700,
    wasKilled: false,
    exit: { code: 0, signal: null },
  };
  const found = (own: Partial<ObservedShutdown>) =>
    judge(observations({ shutdown: { ...orderly, ...own } })).findings.flatMap(
      ({ topic, name, evidence }) => (topic === 'shutdown' ? `${name}: ${evidence}` : []),
    );

  test.each<[string, Partial<ObservedShutdown>, string[]]>([
    ['in order', {}, []],
    ['by SIGTERM itself', { exit: { code: null, signal: 'SIGTERM' } }, []],
    ['with the code of SIGTERM', { exit: { code: 143, signal: null } }, []],
    ['of a server without streams', { ended: 0 }, []],
    [
      'too late',
      { ended: 0, open: 3, wasKilled: true, tookMs: 10_020 },
      ['ignores-sigterm: killed 10 s after SIGTERM; 3 of 3 streams were still open'],
    ],
    [
      'of a shell',
      { ended: 0, open: 3 },
      ['signal-not-forwarded: 3 streams still open after the command had ended'],
    ],
    [
      'in an event',
      { ended: 1, cut: 2, inEvent: 1 },
      ['cut-in-event-at-shutdown: 1 of 3 streams', 'cut-at-shutdown: 2 of 3 streams'],
    ],
    ['with a failure', { exit: { code: 1, signal: null } }, ['exit-code-at-shutdown: exit code 1']],
  ])('%s', (_what, own, expected) => expect(found(own)).toEqual(expected));

  test('is not judged if the check did not start the server', () => {
    expect(judge(observations()).skipped).toContainEqual({
      topic: 'shutdown',
      reason: 'the check did not start the server; add -- and its command',
    });
  });

  test('by itself is an error, also behind another status', () => {
    const first = observedStream({ status: 500 });
    const { findings } = judge(observations({ ...alone(first), crash: 'exit code 7' }));
    expect(findings.map(({ name, evidence }) => [name, evidence])).toEqual([
      ['status', 'status 500 OK'],
      ['crash', 'exit code 7'],
    ]);
  });
});

test('an interrupted check accuses no server and does not pass it', () => {
  const early = observedStream({ headersAfterMs: null, status: null, watchedMs: 300 });
  expect(judge(observations({ ...alone(early), wasInterrupted: true }))).toMatchObject({
    findings: [{ name: 'interrupted', evidence: 'observed for 300 ms of 10 s' }],
    fine: [],
  });
});

describe('another response', () => {
  test('is judged by its status alone', () => {
    const first = observedStream({ status: 404, statusText: 'Not Found' });
    expect(judge(observations(alone(first)))).toMatchObject({
      findings: [{ name: 'status', evidence: 'status 404 Not Found' }],
      fine: [],
    });
  });

  test('shows no secret of a redirect', () => {
    const headers = { location: 'https://a.example/login?ticket=precious' };
    expect(evidenceOf('redirect', alone(observedStream({ status: 302, headers })))).toBe(
      'status 302, to https://a.example/login?ticket=hidden',
    );
  });
});
