import { describe, expect, test } from 'vitest';
import { named } from '../tests/fixtures/helpers/reports.ts';
import { failedRound, measuredRound, runResult } from '../tests/fixtures/helpers/result.ts';
import { createHistogram } from '../measure/histogram.ts';
import { metrics, inspectedMetrics } from '../metrics/metrics.ts';
import type { MeasuredRound, RunResult } from '../result/run-result.ts';
import { compareResults, outcomeOf, type ServerComparison } from './comparison.ts';
import { findingsOf } from './findings.ts';

/** Rounds of a server with these CPU times. All other figures are equal. */
const roundsOf = (
  server: string,
  cpuMs: readonly number[],
  overrides: Partial<MeasuredRound> = {},
) =>
  cpuMs.map((ms, index) => {
    const round = measuredRound(server, index + 1);
    return { ...round, process: { ...round.process!, cpuNs: ms * 1e6 }, ...overrides };
  });
const around = (ms: number, rounds = 6) =>
  Array.from({ length: rounds }, (_, n) => ms * (1 + 0.01 * (n % 3)));
const result = (...rounds: MeasuredRound[]) =>
  runResult([...new Set(rounds.map(({ server }) => server))], rounds);
const compareWithin = (measured: RunResult, against: string) =>
  findingsOf({ ...measured, against }).comparisons;
const of = (comparison: ReturnType<typeof compareWithin>[number] | undefined, name: string) =>
  comparison!.metrics.find(({ metric }) => metric === name);

test('names a figure that the candidate lacks, and does not pass', () => {
  const { histograms } = measuredRound('koa', 1);
  const keepsAll = roundsOf('koa', around(500), {
    histograms: { ...histograms, release: createHistogram().encode() },
  });
  const [comparison] = compareResults(
    named(result(...roundsOf('koa', around(500)))),
    named(result(...keepsAll)),
    [],
  ).servers;
  expect(comparison!.lost).toEqual(['release.p99']);
  expect(outcomeOf([comparison!], 'worse')).toBe('unjudged');
  expect(
    compareResults(named(result(...keepsAll)), named(result(...roundsOf('koa', around(500)))), [])
      .servers[0]!.lost,
  ).toEqual([]);
});

test('delivery decides nothing if the stamps of one side are coarser', () => {
  const stampedIn = (resolutionNs: number) => {
    const stamp = {
      found: 9,
      absent: 0,
      example: '',
      foreign: 0,
      isElsewhere: false,
      clock: 'wall',
      resolutionNs,
      wallClockStepNs: 0,
    } as const;
    return named(result(...roundsOf('koa', around(500), { eventData: { sequence: null, stamp } })));
  };
  const judged = (before: number, after: number) =>
    compareResults(stampedIn(before), stampedIn(after), []).servers[0]!.judged;
  expect(judged(1e6, 1e6)).toContain('delivery.p99');
  expect(judged(1e3, 1)).toContain('delivery.p99');
  expect(judged(1e6, 1)).not.toContain('delivery.p99');
  const unstamped = roundsOf('koa', around(500), {
    histograms: { ...measuredRound('koa', 1).histograms, delivery: createHistogram().encode() },
  });
  expect(compareResults(stampedIn(1e6), named(result(...unstamped)), []).servers[0]!.lost).toEqual([
    'delivery.p99',
  ]);
});

test('a judged metric without a verdict does not pass, unless its floor gives it one', () => {
  const before = named(result(...roundsOf('koa', around(500))));
  const between = (after: MeasuredRound[]) => {
    const [comparison] = compareResults(before, named(result(...after)), []).servers;
    return { comparison, outcome: outcomeOf([comparison!], 'worse') };
  };
  const free = between(roundsOf('koa', around(0)));
  expect(of(free.comparison, 'cpu')).toMatchObject({ verdict: null });
  expect(free.outcome).toBe('unjudged');
  const shrinking = between(
    roundsOf('koa', around(500)).map((round) => ({
      ...round,
      process: { ...round.process!, loaded: { ...round.process!.before, heapBytes: 10e6 } },
    })),
  );
  expect(of(shrinking.comparison, 'memory')).toMatchObject({ verdict: 'better' });
  expect(shrinking.outcome).toBe('passed');
});

describe('a comparison in which a side is measured from outside', () => {
  const slower = (server: string, factor: number, overrides: Partial<MeasuredRound> = {}) =>
    roundsOf(server, around(500), overrides).map((round) => {
      const headers = createHistogram();
      for (let n = 0; n < 1_000; n++) headers.recordNs(factor * (10 + (n % 3)) * 1e6);
      return { ...round, histograms: { ...round.histograms, timeToHeaders: headers.encode() } };
    });
  const process = { process: null };

  test('is judged by the metrics of the streams', () => {
    const [comparison] = compareWithin(
      result(...slower('a', 1, process), ...slower('b', 1.2, process)),
      'a',
    );
    expect(comparison!.judged).toEqual(expect.arrayContaining(['headers.p50', 'gap.p95']));
    expect(comparison!.judged).not.toContain('cpu');
    expect(of(comparison, 'headers.p50')).toMatchObject({ verdict: 'worse' });
    expect(of(comparison, 'gap.p95')).toMatchObject({ verdict: 'same' });
    expect(outcomeOf([comparison!], 'worse')).toBe('failed');
  });

  test('is not judged by gaps if the servers send at different intervals', () => {
    const [comparison] = compareWithin(
      result(...slower('a', 1), ...slower('b', 1.2, { ...process, intervalMs: null })),
      'a',
    );
    expect(comparison!.judged).toEqual(['headers.p50', 'delivery.p99', 'release.p99']);
    expect(of(comparison, 'headers.p50')).toMatchObject({ verdict: 'worse' });
  });

  test('is the same for a server with a process on the other side', () => {
    const [comparison] = compareWithin(result(...slower('a', 1), ...slower('b', 1, process)), 'a');
    expect(comparison).toMatchObject({ lost: [] });
    expect(outcomeOf([comparison!], 'inconclusive')).toBe('passed');
  });

  test('has CPU if both sides have a process, but not memory without an inspector', () => {
    const program = (server: string) =>
      slower(server, 1).map((round) => {
        const memory = { heapBytes: null, rssBytes: 1 };
        return { ...round, process: { ...round.process!, before: memory, loaded: memory } };
      });
    const [comparison] = compareWithin(result(...slower('a', 1), ...program('b')), 'a');
    expect(comparison!.judged).toEqual(expect.arrayContaining(['headers.p50', 'cpu']));
    expect(comparison!.judged).not.toContain('memory');
    expect(comparison!.lost).toEqual([]);
  });

  test('does not change that of two inspected servers', () => {
    const [comparison] = compareWithin(result(...slower('a', 1), ...slower('b', 1.2)), 'a');
    expect(comparison!.judged).toEqual(inspectedMetrics.map(({ name }) => name));
    expect(outcomeOf([comparison!], 'inconclusive')).toBe('passed');
  });
});

test('names servers that only one result has, and partial results', () => {
  const partial = { ...result(...roundsOf('koa', around(500))), status: 'partial' as const };
  const found = compareResults(
    named(result(...roundsOf('koa', around(500)), ...roundsOf('h3', around(500)))),
    named(partial),
    [],
  );
  expect(found).toMatchObject({
    baseline: 'by-hand',
    candidate: 'by-hand (partial)',
    unpaired: ['h3'],
  });
});

describe('servers of one run', () => {
  const [worse, same, better] = compareWithin(
    result(
      ...roundsOf('koa', around(500)),
      ...roundsOf('nest', around(700)),
      ...roundsOf('h3', around(501)),
      ...roundsOf('floor', around(250)),
    ),
    'koa',
  );

  test('have a verdict on each primary metric, with the ratio and its interval', () => {
    expect(of(worse, 'cpu')).toMatchObject({
      baseline: {
        together: expect.closeTo(20 * (3.01 / 3), 5),
        min: 20,
        max: expect.closeTo(20.4, 5),
      },
      candidate: { together: expect.closeTo(28 * (3.01 / 3), 5), median: expect.closeTo(28.28, 5) },
      ratio: expect.closeTo(1.4, 5),
      verdict: 'worse',
      moreRounds: null,
    });
    const { low, high } = of(worse, 'cpu')!.interval!;
    expect([low > 1.36, low < 1.4, high > 1.4, high < 1.44]).toEqual([true, true, true, true]);
    expect([of(same, 'cpu')!.verdict, of(better, 'cpu')!.verdict]).toEqual(['same', 'better']);
    expect(worse!.metrics.map(({ metric, verdict }) => [metric, verdict !== null])).toEqual(
      inspectedMetrics.map(({ name }) => [name, true]),
    );
  });

  test('have the same verdicts for the same rounds', () => {
    const once = () =>
      compareWithin(
        result(
          ...roundsOf('koa', [500, 600, 550, 510, 700, 480]),
          ...roundsOf('h3', [520, 590, 530, 610, 640, 500]),
        ),
        'koa',
      );
    expect(once()).toEqual(once());
  });
});

const nothing = { median: 0, min: 0, max: 0, together: 0 };

test('servers of two results have ratios in all metrics, verdicts in the primary ones, and no ratio to 0', () => {
  const [worse] = compareResults(
    named(result(...roundsOf('koa', around(500)))),
    named(result(...roundsOf('nest', around(700)))),
    [],
  ).servers;
  expect(worse!.metrics.map(({ metric }) => metric)).toEqual(
    metrics
      .filter(({ name, only }) => !name.endsWith('p99.9') && only === undefined)
      .map(({ name }) => name),
  );
  expect(
    worse!.metrics.filter(({ verdict }) => verdict !== null).map(({ metric }) => metric),
  ).toEqual(inspectedMetrics.map(({ name }) => name));
  expect(of(worse, 'events')).toMatchObject({
    ratio: 1,
    verdict: null,
    interval: { low: 1, high: 1 },
  });
  expect(of(worse, 'missing')).toEqual({
    metric: 'missing',
    baseline: nothing,
    candidate: nothing,
    ratio: null,
    interval: null,
    verdict: null,
    moreRounds: null,
  });
});

test('fewer than six rounds on either side give no verdict', () => {
  const [few] = compareWithin(
    result(...roundsOf('koa', around(500, 6)), ...roundsOf('nest', around(700, 5))),
    'koa',
  );
  expect(of(few, 'cpu')).toMatchObject({
    candidate: { median: expect.closeTo(28.28, 5), min: 28 },
    ratio: null,
    interval: null,
    verdict: null,
    moreRounds: null,
  });
});

test('an inconclusive verdict suggests more rounds', () => {
  const [some] = compareWithin(
    result(
      ...roundsOf('koa', [500, 520, 560, 480, 540, 610]),
      ...roundsOf('h3', [540, 560, 600, 520, 590, 630]),
    ),
    'koa',
  );
  expect(of(some, 'cpu')).toMatchObject({
    verdict: 'inconclusive',
    moreRounds: expect.toSatisfy((more: number) => more >= 1 && more < 100),
  });
});

test('a metric that a round lacks is not compared', () => {
  const [outside] = compareWithin(
    result(...roundsOf('koa', around(500)), ...roundsOf('h3', around(500), { process: null })),
    'koa',
  );
  expect(outside!.metrics.map(({ metric }) => metric)).not.toContain('cpu');
  // A hand-made round without a process keeps its release times.
  expect(outside!.metrics.map(({ metric }) => metric)).toEqual([
    'headers.p50',
    'ttfe.p50',
    'gap.p95',
    'delivery.p99',
    'release.p99',
  ]);
  expect(outside!.lost).toEqual([]);
  expect(of(outside, 'delivery.p99')).toMatchObject({ verdict: 'same' });
});

test('leaves out invalid rounds and counts them', () => {
  const doubts = [{ check: 'ports', finding: 'none left', remedy: 'Fewer.' }];
  const lost = [
    ...roundsOf('h3', around(500)),
    { ...roundsOf('h3', [9_000])[0]!, round: 7, doubts },
  ];
  const baseline = runResult(['h3'], [...lost, failedRound('h3', 8)]);
  const [comparison] = compareResults(
    named(baseline),
    named(result(...roundsOf('koa', around(500, 7)))),
    [],
  ).servers;
  expect(comparison).toMatchObject({
    baseline: { server: 'h3', rounds: 6, invalidRounds: 1, failedRounds: 1 },
    candidate: { server: 'koa', rounds: 7, invalidRounds: 0, failedRounds: 0 },
  });
  expect(of(comparison, 'cpu')).toMatchObject({ verdict: 'same' });
});

test('at an unlimited rate, delivery has no verdict', () => {
  const flood = result(...roundsOf('koa', around(500)), ...roundsOf('nest', around(700)));
  flood.scenario = { ...flood.scenario, intervalMs: 0 };
  const judged = ({ metrics: compared }: ServerComparison) =>
    compared.filter(({ verdict }) => verdict !== null).map(({ metric }) => metric);
  expect(judged(compareWithin(flood, 'koa')[0]!)).toEqual(['release.p99', 'cpu', 'memory']);
  expect(judged(compareResults(named(flood), named(flood), []).servers[0]!)).not.toContain(
    'delivery.p99',
  );
});
