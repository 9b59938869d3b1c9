import { describe, expect, test } from 'vitest';
import { measuredRound } from '../fixtures/result.ts';
import { createHistogram } from '../measure/histogram.ts';
import type { MeasuredRound } from '../result.ts';
import { checks, doubtsOf } from './validity.ts';

const healthy = measuredRound('it', 1, { histograms: { ...measuredRound('it', 1).histograms, arrivalLag: lags(1_000, 1) } });
const [generator] = healthy.generators;
const process = healthy.process!;

/** So many streams that were started late by so much, and nine hundred and ninety in a thousand that were not. */
function lags(streams: number, lateMs: number, share = 1) {
  const histogram = createHistogram();
  for (let n = 0; n < streams; n++) histogram.recordNs(n < streams * share ? lateMs * 1e6 : 1e5);
  return histogram.encode();
}
const withLags = (...args: Parameters<typeof lags>) => ({ histograms: { ...healthy.histograms, arrivalLag: lags(...args) } });
/** A cut, after which clients came again late by so much, and were back after a second. */
const withCut = (lateMs: number) => ({ counts: { ...healthy.counts, cut: 100, returned: 100 }, histograms: { ...healthy.histograms, reconnectLag: lags(100, lateMs), recovery: lags(100, 1_000) } });
const withGenerator = (health: Partial<typeof generator>) => ({ generators: [generator!, { ...generator!, ...health }] });
const withCounts = (counts: Partial<MeasuredRound['counts']>) => ({ counts: { ...healthy.counts, ...counts } });
const withMachine = (machine: Partial<MeasuredRound['machine']>) => ({ machine: { ...healthy.machine, ...machine } });
const refused = { 'closed before headers': { count: 3, example: '' } };

test('a healthy round leaves no doubt', () => expect(doubtsOf(healthy)).toEqual([]));

test.each<[string, Partial<MeasuredRound>, Partial<MeasuredRound>]>([
  ['arrival lag', withLags(1_000, 9.9), withLags(1_000, 10.2)],
  ['arrival lag', withLags(1_000, 50, 0.009), withLags(1_000, 50, 0.012)],
  ['arrival lag', { ...withLags(1_000, 19), intervalMs: 200 }, { ...withLags(1_000, 21), intervalMs: 200 }],
  ['arrival lag', { ...withLags(1_000, 4.9), intervalMs: 10 }, { ...withLags(1_000, 5.1), intervalMs: 10 }],
  ['arrival lag', { ...withLags(1_000, 99), intervalMs: null }, { ...withLags(1_000, 101), intervalMs: null }],
  // Too few for p99: p90, then p50; too few for that: nothing.
  ['arrival lag', withLags(500, 50, 0.09), withLags(500, 50, 0.11)],
  ['arrival lag', withLags(50, 50, 0.4), withLags(50, 50, 0.6)],
  ['arrival lag', withLags(19, 50), withLags(20, 50)],
  ['dropped streams', {}, withCounts({ started: 999 })],
  ['reconnect lag', withCut(49), withCut(51)],
  ['generator loop', withGenerator({ loopUtilization: 0.8 }), withGenerator({ loopUtilization: 0.81 })],
  ['generator standstill', withGenerator({ stoodStillShare: 0.01 }), withGenerator({ stoodStillShare: 0.011 })],
  ['generator standstill', withGenerator({ stoodStillBeforeShare: 0.01 }), withGenerator({ stoodStillBeforeShare: 0.011 })],
  ['conserved events', withCounts({ stampAdvanceNs: 0.996e12 }), withCounts({ stampAdvanceNs: 0.994e12 })],
  ['conserved events', withCounts({ stampAdvanceNs: 1.004e12 }), withCounts({ stampAdvanceNs: 1.006e12 })],
  ['conserved events', withCounts({ stampAdvanceNs: 0.5e12, gaps: 99 }), withCounts({ stampAdvanceNs: 0.5e12, gaps: 100 })], // too few to say
  ['conserved events', withCounts({ stampAdvanceNs: 0, receiptAdvanceNs: 0 }), withCounts({ stampAdvanceNs: 0 })],
  ['unread events', withCounts({ sent: 25_000, stamped: 24_876 }), withCounts({ sent: 25_000, stamped: 24_874 })],
  ['unread events', withCounts({ sent: 100, stamped: 91 }), withCounts({ sent: 100, stamped: 90 })], // too few to say
  ['unread events', withCounts({ sent: 100, stamped: 120 }), withCounts({ sent: 100, stamped: 0 })],
  ['one clock', withCounts({ stampedAhead: 0 }), withCounts({ stampedAhead: 1 })],
  ['listen queue', withMachine({ listenOverflows: null }), withMachine({ listenOverflows: 1 })],
  ['listen queue', { ...withMachine({ listenOverflows: 1 }), ...withCut(1) }, withMachine({ listenOverflows: 1 })], // in a storm it is the server that turns them away
  ['descriptors', { failures: { 'connection refused': { count: 1, example: '' } } }, { failures: { 'out of file descriptors': { count: 1, example: '' } } }],
  ['descriptors', {}, { failures: { 'out of file descriptors (quiet stream)': { count: 1, example: '' } } }],
  ['descriptors', { failures: refused }, { failures: refused, process: { ...process, descriptors: { open: 495, limit: 500 } } }],
  ['descriptors', { process: { ...process, descriptors: { open: 495, limit: 500 } } }, { failures: refused, process: { ...process, descriptors: { open: 490, limit: 500 } } }],
  ['ports', {}, { failures: { 'out of ports': { count: 1, example: '' } } }],
  ['ports', { failedAttempts: { 'connection refused': { count: 1, example: '' } } }, { failedAttempts: { 'out of ports': { count: 1, example: '' } } }],
  ['stolen time', withMachine({ stolenShare: 0.05 }), withMachine({ stolenShare: 0.051 })],
  // The generator has work for a tenth of the time, the server for a fifth.
  ['generator waiting for a core', withGenerator({ waitedShare: 0.0249 }), withGenerator({ waitedShare: 0.0251 })],
  ['generator waiting for a core', withGenerator({ waitedShare: null }), withGenerator({ waitedShare: 0.9 })],
  ['generator waiting for a core', withGenerator({ cpuNs: 1e6, waitedShare: 0.019 }), withGenerator({ cpuNs: 1e6, waitedShare: 0.021 })],
  ['server waiting for a core', { process: { ...process, waitedShare: 0.049 } }, { process: { ...process, waitedShare: 0.051 } }],
  ['server waiting for a core', { process: null }, { process: { ...process, waitedShare: 0.9 } }],
])('%s: within and beyond the limit', (check, within, beyond) => {
  expect(doubtsOf({ ...healthy, ...within })).toEqual([]);
  const doubts = doubtsOf({ ...healthy, ...beyond });
  expect(doubts.map((doubt) => doubt.check)).toEqual([check]);
  expect(doubts[0]!.finding).toMatch(/\d/);
});

describe('every limit', () => {
  test.each(checks)('$name: has its reason and its remedy in a sentence', ({ reason, remedy, limit }) => {
    for (const sentence of [reason, remedy]) expect(sentence).toMatch(/^[A-Z].*\.$/);
    expect(limit).not.toBe('');
  });

  test('has a name of its own', () => expect(new Set(checks.map(({ name }) => name)).size).toBe(checks.length));
});
