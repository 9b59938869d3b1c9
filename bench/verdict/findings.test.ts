import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import { comparisonMarkdown } from '../report/shared/results-comparison.ts';
import { markdownReport } from '../report/markdown/markdown.ts';
import { pageReport } from '../report/page/page.ts';
import { terminalReport } from '../report/terminal/terminal.ts';
import { bootstrapInterval } from '../statistics/bootstrap.ts';
import { named } from '../tests/fixtures/helpers/reports.ts';
import { measuredRound, runResult } from '../tests/fixtures/helpers/result.ts';
import { metrics, inspectedMetrics } from '../metrics/metrics.ts';
import { exitCodeOf } from './exit-code.ts';
import { findingsOf } from './findings.ts';
import { leastRounds } from './metric-comparison.ts';

// This is the real function with its calls counted. Every interval of every report is computed by
// it.
vi.mock(import('../statistics/bootstrap.ts'), { spy: true });
// Test files share their modules, and this one needs modules that import the counted function.
vi.hoisted(() => vi.resetModules());
afterAll(() => {
  vi.doUnmock('../statistics/bootstrap.ts');
  vi.resetModules();
});
const intervals = vi.mocked(bootstrapInterval);
beforeEach(() => void intervals.mockClear());

const servers = ['express', 'hono', 'koa'];
const result = runResult(
  servers,
  servers.flatMap((server) =>
    Array.from({ length: leastRounds }, (_, n) => measuredRound(server, n + 1)),
  ),
  { against: 'express', expect: ['delivery.p99 < 1s'] },
);
const plain = { width: 100, style: (_format: unknown, text: string) => text };
const comparisons = (servers.length - 1) * inspectedMetrics.length;

test('all reports of one result compute each interval once', () => {
  const findings = findingsOf(result);
  expect(intervals).not.toHaveBeenCalled();
  terminalReport(result, findings, plain);
  expect(intervals).toHaveBeenCalledTimes(comparisons);
  markdownReport(result, findings);
  exitCodeOf(result, findings, 'passed');
  expect(intervals).toHaveBeenCalledTimes(comparisons);
  pageReport(result, findings);
  const ofFigures = findings.figures.flatMap(({ rows }) => rows);
  expect(ofFigures.length).toBeGreaterThan(servers.length);
  expect(intervals).toHaveBeenCalledTimes(comparisons + ofFigures.length);
  pageReport(result, findings);
  expect(intervals).toHaveBeenCalledTimes(comparisons + ofFigures.length);
});

test('a comparison with a baseline is computed once, however often it is shown', () => {
  const baseline = { ...named(result, 'main'), differences: ['cores: 2 and 4'] };
  const findings = findingsOf(result, baseline);
  const compared = findings.againstBaseline!;
  expect(compared).toMatchObject({ baseline: 'main', candidate: 'by-hand' });
  const drawn = intervals.mock.calls.length;
  expect(drawn).toBeGreaterThan(servers.length * inspectedMetrics.length);
  expect(comparisonMarkdown(findings.againstBaseline!)).toBe(comparisonMarkdown(compared));
  expect(intervals).toHaveBeenCalledTimes(drawn);
  expect(findingsOf(result).againstBaseline).toBeNull();
});

test('computes only the findings that are read, each once', () => {
  const findings = findingsOf(result);
  expect(findings.thresholds.map(({ state }) => state)).toEqual(['held', 'held', 'held']);
  expect(intervals).not.toHaveBeenCalled();
  for (const name of Object.keys(findings) as (keyof typeof findings)[])
    expect(findings[name]).toBe(findings[name]);
});

test('the base of a comparison is compared, and nothing is expected of it', () => {
  const slow = { ...result, base: 'express', expect: ['delivery.p99 < 1ns'] };
  const { thresholds, comparisons: compared, servers: all } = findingsOf(slow);
  expect(thresholds.map(({ server }) => server)).toEqual(['hono', 'koa']);
  expect(compared.map(({ baseline }) => baseline.server)).toEqual(['express', 'express']);
  expect(all.map(({ server }) => server)).toEqual(servers);
});

test('a metric over the rounds of a server is computed once', () => {
  const [express] = findingsOf(result).servers;
  for (const metric of metrics) expect(express!.over(metric)).toBe(express!.over(metric));
});

test('a comparison with a server outside the result has no figures', () => {
  const [first] = findingsOf({ ...result, against: 'gone' }).comparisons;
  expect(first).toMatchObject({ baseline: { server: 'gone', rounds: 0 }, metrics: [] });
});
