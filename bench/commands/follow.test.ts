/** A whole run with all its files, under simulated time. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import { inspectedMetrics } from '../metrics/metrics.ts';
import { saveFormats } from '../report/save.ts';
import { terminalReport } from '../report/terminal/terminal.ts';
import type { Scenario, ServerUnderTest } from '../scenario/scenario.ts';
import { bootstrapInterval } from '../statistics/bootstrap.ts';
import { fakeWorld, untilSettled } from '../tests/fixtures/helpers/fake-world.ts';
import { runResult } from '../tests/fixtures/helpers/result.ts';
import { steady } from '../tests/fixtures/helpers/scenario.ts';
import { exitCodeOf } from '../verdict/exit-code.ts';
import { leastRounds } from '../verdict/metric-comparison.ts';
import { follow } from './follow.ts';
import type { Terminal } from './terminal.ts';

// This is the real function with its calls counted. Every interval is computed by it.
vi.mock(import('../statistics/bootstrap.ts'), { spy: true });
// Test files share their modules, and this one needs modules that import the counted function.
vi.hoisted(() => vi.resetModules());
afterAll(() => {
  vi.doUnmock('../statistics/bootstrap.ts');
  vi.resetModules();
});
const intervals = vi.mocked(bootstrapInterval);

let folder = '';
beforeEach(() => {
  vi.useFakeTimers();
  folder = mkdtempSync(join(tmpdir(), 'ssebench-'));
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

const terminal: Terminal = {
  interactive: false,
  width: 80,
  style: (_format, text) => text,
  print() {},
  note() {},
  essential() {},
  progress() {},
};

test('a run computes its comparisons once, when it saves the last round, and not again for the reports', async () => {
  const scenario: Scenario = {
    ...steady,
    streams: 50,
    quietStreams: 0,
    intervalMs: 20,
    rampMs: 500,
    durationMs: 1_000,
    rounds: leastRounds,
  };
  const serversUnderTest = ['left', 'right'].map((name): ServerUnderTest => ({
    kind: 'reference',
    name,
    file: `${name}.ts`,
  }));
  const head = runResult(['left', 'right'], [], { status: 'partial', scenario, against: 'left' });
  const context = {
    scenario,
    generators: 1,
    limits: { descriptors: 20_000, ports: 28_000, memoryBytes: 24e9 },
    placement: undefined,
    world: fakeWorld({ headersAfterMs: 4, deliveryMs: 3, cpuShare: 0.1, releaseAfterMs: 12 }),
    signal: new AbortController().signal,
  };
  const { result, findings } = await untilSettled(
    follow(head, serversUnderTest, context, {
      folder,
      terminal,
      aboutMs: 1_000,
      live: undefined,
      baseline: undefined,
    }),
  );
  expect(readdirSync(folder).toSorted()).toEqual(['report.md', 'result.json']);
  const compared = findings.comparisons.flatMap(({ metrics }) => metrics);
  expect(compared.filter(({ interval }) => interval !== null).length).toBeGreaterThan(2);
  expect(compared.length).toBeLessThanOrEqual(inspectedMetrics.length);
  // Before its last round, no server has enough rounds for an interval.
  expect(intervals).toHaveBeenCalledTimes(compared.length);

  const whole = { ...result, leaks: [] };
  terminalReport(whole, findings, terminal);
  exitCodeOf(whole, findings, 'passed');
  expect(intervals).toHaveBeenCalledTimes(compared.length);
  expect(saveFormats('end', folder, whole, findings)).toEqual([]);
  const ofCharts = findings.figures.flatMap(({ rows }) => rows);
  expect(intervals).toHaveBeenCalledTimes(compared.length + ofCharts.length);
});
