import { describe, expect, test } from 'vitest';
import { measuredRound } from '../tests/fixtures/helpers/result.ts';
import { createHistogram } from '../measure/histogram.ts';
import type { MeasuredRound } from '../result/run-result.ts';
import { noAnswers } from '../measure/answers/counts.ts';
import { checks, doubtsOf } from './validity.ts';

const healthy = measuredRound('it', 1, {
  histograms: { ...measuredRound('it', 1).histograms, arrivalLag: lags(1_000, 1) },
});
const [generator] = healthy.generators;
const process = healthy.process!;

/** Streams of which this share started late by `lateMs`, and the others with a lag of 0.1 ms. */
function lags(streams: number, lateMs: number, share = 1) {
  const histogram = createHistogram();
  for (let n = 0; n < streams; n++) histogram.recordNs(n < streams * share ? lateMs * 1e6 : 1e5);
  return histogram.encode();
}
const withLags = (...args: Parameters<typeof lags>) => ({
  histograms: { ...healthy.histograms, arrivalLag: lags(...args) },
});
/** A cut after which clients reconnected `lateMs` late, and had recovered after 1 s. */
const withCut = (lateMs: number) => ({
  counts: { ...healthy.counts, cut: 100, reconnected: 100 },
  histograms: {
    ...healthy.histograms,
    reconnectLag: lags(100, lateMs),
    recovery: lags(100, 1_000),
  },
});
const withGenerator = (health: Partial<typeof generator>) => ({
  generators: [generator!, { ...generator!, ...health }],
});
const withCounts = (counts: Partial<MeasuredRound['counts']>) => ({
  counts: { ...healthy.counts, ...counts },
});
/** Stamps that advance by this share less than the receipts, on this number of streams. */
const withQueue = (
  share: number,
  comparedStreams = 1,
  counts: Partial<MeasuredRound['counts']> = {},
) => withCounts({ stampAdvanceNs: (1 - share) * 1e12, comparedStreams, ...counts });
/** This number of unread events, in a generator that noticed the end late. */
const withUnread = (unread: number, sent = 25_000, lateAtEndMs = 400) => ({
  ...withCounts({ sent, unread }),
  ...withGenerator({ lateAtEndMs }),
});
const withWallClockStep = (wallClockStepNs: number): Partial<MeasuredRound> => ({
  eventData: {
    sequence: null,
    stamp: {
      found: 1,
      absent: 0,
      example: '',
      foreign: 0,
      isElsewhere: false,
      clock: 'wall',
      resolutionNs: 1e6,
      wallClockStepNs,
    },
  },
});
const withMachine = (machine: Partial<MeasuredRound['machine']>) => ({
  machine: { ...healthy.machine, ...machine },
});
const refused = { 'closed before headers': { count: 3, example: '' } };

test('a healthy round is valid', () => expect(doubtsOf(healthy)).toEqual([]));

test.each<[string, Partial<MeasuredRound>, Partial<MeasuredRound>]>([
  ['arrival lag', withLags(1_000, 9.9), withLags(1_000, 10.2)],
  ['arrival lag', withLags(1_000, 50, 0.009), withLags(1_000, 50, 0.012)],
  [
    'arrival lag',
    { ...withLags(1_000, 19), intervalMs: 200 },
    { ...withLags(1_000, 21), intervalMs: 200 },
  ],
  [
    'arrival lag',
    { ...withLags(1_000, 4.9), intervalMs: 10 },
    { ...withLags(1_000, 5.1), intervalMs: 10 },
  ],
  [
    'arrival lag',
    { ...withLags(1_000, 99), intervalMs: null },
    { ...withLags(1_000, 101), intervalMs: null },
  ],
  // With too few streams for p99, p90 decides, then p50; with even fewer, nothing.
  ['arrival lag', withLags(500, 50, 0.09), withLags(500, 50, 0.11)],
  ['arrival lag', withLags(50, 50, 0.4), withLags(50, 50, 0.6)],
  ['arrival lag', withLags(19, 50), withLags(20, 50)],
  ['dropped streams', {}, withCounts({ started: 999 })],
  ['reconnect lag', withCut(49), withCut(51)],
  [
    'generator loop',
    withGenerator({ loopUtilization: 0.8 }),
    withGenerator({ loopUtilization: 0.81 }),
  ],
  ['generator pause', withGenerator({ pausedShare: 0.01 }), withGenerator({ pausedShare: 0.011 })],
  [
    'generator pause',
    withGenerator({ pausedBeforeShare: 0.01 }),
    withGenerator({ pausedBeforeShare: 0.011 }),
  ],
  // Two reads of a stream are 101 ms apart.
  ['conserved events', withQueue(0.004), withQueue(0.006)],
  ['conserved events', withQueue(-0.004), withQueue(-0.006)],
  ['conserved events', withQueue(0.1, 1_000), withQueue(0.102, 1_000)],
  ['conserved events', withQueue(-0.1, 1_000), withQueue(-0.102, 1_000)],
  // With ten events per read, reads are 1,010 ms apart. The other case has ten reads per event.
  ['conserved events', withQueue(0.1, 100, { reads: 2_500 }), withQueue(0.1, 98, { reads: 2_500 })],
  [
    'conserved events',
    withQueue(0.1, 1_000, { reads: 250_000 }),
    withQueue(0.1, 980, { reads: 250_000 }),
  ],
  // Too few gaps to judge.
  ['conserved events', withQueue(0.5, 1, { gaps: 99 }), withQueue(0.5, 1, { gaps: 100 })],
  [
    'conserved events',
    withCounts({ stampAdvanceNs: 0, receiptAdvanceNs: 0 }),
    withCounts({ stampAdvanceNs: 0 }),
  ],
  ['unread events', withUnread(125), withUnread(126)],
  // Too few events to judge.
  ['unread events', withUnread(9, 100), withUnread(10, 100)],
  // The end was noticed in time.
  ['unread events', withUnread(25_000, 25_000, 20), withUnread(25_000, 25_000, 21)],
  [
    'unread events',
    { ...withUnread(5_000, 25_000, 99), intervalMs: 1_000 },
    { ...withUnread(5_000, 25_000, 101), intervalMs: 1_000 },
  ],
  ['one clock', withCounts({ stampedAhead: 0 }), withCounts({ stampedAhead: 1 })],
  ['steady wall clock', withWallClockStep(1.9e6), withWallClockStep(2.1e6)],
  ['listen queue', withMachine({ listenOverflows: null }), withMachine({ listenOverflows: 1 })],
  [
    'listen queue',
    { ...withMachine({ listenOverflows: 1 }), ...withCut(1) },
    withMachine({ listenOverflows: 1 }),
  ], // after a cut, it is the server that refuses them
  [
    'descriptors',
    { failures: { 'connection refused': { count: 1, example: '' } } },
    { failures: { 'out of file descriptors': { count: 1, example: '' } } },
  ],
  [
    'descriptors',
    {},
    { failures: { 'out of file descriptors (quiet stream)': { count: 1, example: '' } } },
  ],
  [
    'descriptors',
    { failures: refused },
    { failures: refused, process: { ...process, descriptors: { open: 495, limit: 500 } } },
  ],
  [
    'descriptors',
    { process: { ...process, descriptors: { open: 495, limit: 500 } } },
    { failures: refused, process: { ...process, descriptors: { open: 490, limit: 500 } } },
  ],
  ['ports', {}, { failures: { 'out of ports': { count: 1, example: '' } } }],
  [
    'ports',
    { failedAttempts: { 'connection refused': { count: 1, example: '' } } },
    { failedAttempts: { 'out of ports': { count: 1, example: '' } } },
  ],
  ['stolen time', withMachine({ stolenShare: 0.05 }), withMachine({ stolenShare: 0.051 })],
  // The generator is busy for 10 % of the time, the server for 20 %.
  [
    'generator waiting for a core',
    withGenerator({ waitedShare: 0.0249 }),
    withGenerator({ waitedShare: 0.0251 }),
  ],
  [
    'generator waiting for a core',
    withGenerator({ waitedShare: null }),
    withGenerator({ waitedShare: 0.9 }),
  ],
  [
    'generator waiting for a core',
    withGenerator({ cpuNs: 1e6, waitedShare: 0.019 }),
    withGenerator({ cpuNs: 1e6, waitedShare: 0.021 }),
  ],
  [
    'server waiting for a core',
    { process: { ...process, waitedShare: 0.049 } },
    { process: { ...process, waitedShare: 0.051 } },
  ],
  ['server waiting for a core', { process: null }, { process: { ...process, waitedShare: 0.9 } }],
  [
    'running answers',
    { outcome: { ...noAnswers(false), planned: 10, stillRunning: 5 } },
    { outcome: { ...noAnswers(false), planned: 10, stillRunning: 6 } },
  ],
])('%s: within and beyond the limit', (check, within, beyond) => {
  expect(doubtsOf({ ...healthy, ...within })).toEqual([]);
  const doubts = doubtsOf({ ...healthy, ...beyond });
  expect(doubts.map((doubt) => doubt.check)).toEqual([check]);
  expect(doubts[0]!.finding).toMatch(/\d/);
});

describe('a queue between server and generator', () => {
  const findingOf = (round: Partial<MeasuredRound>) =>
    doubtsOf({ ...healthy, ...round }).map(({ finding }) => finding)[0];

  test('is not attributed to idle generators', () =>
    expect(findingOf(withQueue(0.5))).toBe(
      'a queue of events grows in the server or the network, since the generators were at most 20 % busy: stamps advanced by 0.500 s per second',
    ));
  test('may be in a busy generator', () =>
    expect(findingOf({ ...withQueue(-0.5), ...withGenerator({ loopUtilization: 0.75 }) })).toMatch(
      /^a queue of events shrinks in a generator \(up to 75 % busy\), the server or the network: stamps advanced by 1\.500 s per second$/,
    ));
  test('may be in a generator that paused', () =>
    expect(findingOf({ ...withQueue(0.5), ...withGenerator({ pausedShare: 0.02 }) })).toContain(
      'a generator paused',
    ));
});

describe('a generator that waits for a core', () => {
  // There are two generators.
  const waiting = { ...healthy, ...withGenerator({ waitedShare: 0.0251 }) };

  test.each([undefined, 2])('with %s cores for the load waits for other programs', (loadCores) =>
    expect(doubtsOf(waiting, loadCores)).toMatchObject([
      {
        check: 'generator waiting for a core',
        remedy: expect.stringContaining('Stop other programs'),
      },
    ]),
  );

  test('with one core for two generators waits for the other one', () => {
    expect(doubtsOf({ ...healthy, ...withGenerator({ waitedShare: 0.0249 }) }, 1)).toEqual([]);
    expect(doubtsOf(waiting, 1)).toEqual([
      {
        check: 'generators sharing cores',
        finding:
          '2 generators shared 1 core, and one waited for a core in 20.1 % of its busy time, over 20 %',
        remedy: expect.stringMatching(/^Use fewer streams .*more cores, or run it on another/),
      },
    ]);
  });
});

test('only the remedy for a URL is about the cores of the server', () => {
  const remedyOf = (round: Partial<MeasuredRound>) =>
    doubtsOf({ ...healthy, ...withGenerator({ waitedShare: 0.9 }), ...round })[0]!.remedy;
  expect(remedyOf({ process: null })).toMatch(/two cores\. Run the server on other cores/);
  expect(remedyOf({})).toMatch(/two cores\.$/);
});

describe('every limit', () => {
  test.each(checks)(
    '$name has a reason and a remedy, each a sentence',
    ({ reason, remedy, limit }) => {
      for (const sentence of [reason, remedy]) expect(sentence).toMatch(/^[A-Z].*\.$/);
      expect(limit).not.toBe('');
    },
  );

  test('has its own name', () =>
    expect(new Set(checks.map(({ name }) => name)).size).toBe(checks.length));
});
