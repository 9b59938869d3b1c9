/** A run, a leak check and a comparison as CI systems show them. */
import { describe, expect, test } from 'vitest';
import { leaksResultOf, wholeResult } from '../../tests/fixtures/helpers/hostile-result.ts';
import { leakingVerdict } from '../../tests/fixtures/helpers/leaks.ts';
import { named } from '../../tests/fixtures/helpers/reports.ts';
import { failedRound, measuredRound, runResult } from '../../tests/fixtures/helpers/result.ts';
import { exitCodes } from '../../result/exit-codes.ts';
import type { MeasuredRound, RunResult } from '../../result/run-result.ts';
import { compareResults, outcomeOf, type FailOn } from '../../verdict/comparison.ts';
import { exitCodeOf } from '../../verdict/exit-code.ts';
import { findingsOf } from '../../verdict/findings.ts';
import { githubAnnotations } from './annotations.ts';
import { failing, withPathsFrom } from './ci-report.ts';
import { comparisonCiReport } from './comparison-cases.ts';
import { junitReport } from './junit.ts';
import { runCiReport, unansweredCiReport } from './run-cases.ts';
import { endpointCiTexts, leaksCiTexts, runCiTexts } from './texts.ts';

const six = [1, 2, 3, 4, 5, 6];
const doubts = [{ check: 'ports', finding: 'none left', remedy: 'Use fewer streams.' }];
const costing = (factor: number, round: number): MeasuredRound => {
  const { process, ...others } = measuredRound('head', round);
  return { ...others, process: { ...process!, cpuNs: process!.cpuNs * factor } };
};
/** Two builds, of which `head` uses more CPU time by a factor. */
const builds = (factor: number, overrides: Partial<RunResult> = {}) =>
  runResult(
    ['base', 'head'],
    [
      ...six.map((round) => measuredRound('base', round)),
      ...six.map((round) => costing(factor, round)),
    ],
    { against: 'base', ...overrides },
  );
const one = (overrides: Partial<MeasuredRound> = {}, rest: Partial<RunResult> = {}) =>
  runResult(['koa'], [measuredRound('koa', 1, overrides)], rest);
const [leaking, unexpected, notInspected] = wholeResult(1).leaks;

describe('a run', () => {
  test.each<[string, RunResult, FailOn | undefined]>([
    ['that succeeds', one(), undefined],
    [
      'with an excluded round',
      runResult(['koa'], [measuredRound('koa', 1), measuredRound('koa', 2, { doubts })]),
      undefined,
    ],
    ['without a valid round', one({ doubts }), undefined],
    [
      'with a failed round',
      runResult(['koa'], [measuredRound('koa', 1), failedRound('koa', 2)]),
      undefined,
    ],
    ['that meets an expectation', one({}, { expect: ['failed = 0'] }), undefined],
    ['that does not meet one', one({}, { expect: ['cpu < 1µs'] }), undefined],
    ['that cannot check one', one({}, { expect: ['coalescing.p99.9 < 1s'] }), undefined],
    ['with a leak', one({}, { leaks: [{ ...leaking!, server: 'koa' }] }), undefined],
    [
      'with something unexpected',
      one({}, { leaks: [{ ...unexpected!, server: 'koa' }] }),
      undefined,
    ],
    [
      'that was not inspected',
      one({}, { leaks: [{ ...notInspected!, server: 'koa' }] }),
      undefined,
    ],
    ['with a worse server', builds(1.5), 'worse'],
    ['with a worse server, without --fail-on', builds(1.5), undefined],
    ['with an equal server', builds(1), 'inconclusive'],
    [
      'with too few rounds for a verdict',
      runResult(['base', 'head'], [measuredRound('base', 1), costing(1, 1)], { against: 'base' }),
      'worse',
    ],
  ])('%s fails in JUnit exactly if its exit code says so', (_what, result, failOn) => {
    const findings = findingsOf(result);
    const outcome = outcomeOf(findings.judged, failOn);
    const { suites } = runCiReport(result, findings, failOn);
    expect(suites.flatMap(({ cases }) => cases).some(failing)).toBe(
      exitCodeOf(result, findings, outcome) !== exitCodes.success,
    );
  });

  test('has a case for each claim, and the time of its rounds', () => {
    const result = builds(1.5, {
      expect: ['failed = 0', 'cpu < 25µs'],
      leaks: [leakingVerdict('head')],
    });
    const lines = junitReport(runCiReport(result, findingsOf(result), 'worse')).split('\n');
    expect(lines.filter((line) => line.includes('<testsuite '))).toEqual([
      expect.stringContaining(
        'name="base" tests="3" failures="0" errors="0" skipped="0" time="27.000"',
      ),
      expect.stringContaining('name="head" tests="9" failures="3" errors="0" skipped="0"'),
    ]);
    for (const line of [
      '    <testcase classname="head" name="valid rounds" time="27.000"/>',
      '    <testcase classname="head" name="failed = 0" time="0.000"/>',
      '      <failure message="found 30 µs">found 30 µs</failure>',
      '      <failure message="worse, 1.50× (1.50–1.50)">worse, 1.50× (1.50–1.50)</failure>',
      '    <testcase classname="head" name="CPU per event, compared with base" time="0.000">',
      '    <testcase classname="head" name="leak check: leak at src/events.ts:14" file="src/events.ts" line="14">',
    ])
      expect(lines).toContain(line);
  });

  test('has a summary with the verdict first, the failures next, and links', () => {
    const result = builds(1.5, { expect: ['failed = 0'] });
    const { markdown } = runCiTexts(result, findingsOf(result), 'worse');
    const blocks = markdown('https://example.com/ssebench/blob/HEAD').split('\n\n');
    expect(blocks[0]).toBe('## ssebench run: failed in 1 of 8 claims');
    expect(blocks[1]).toMatch(/^\*\*Compared with base, head is worse in CPU per event/);
    expect(blocks[2]!.split('\n').slice(0, 3)).toEqual([
      '| server | claim | result |',
      '| --- | --- | --- |',
      '| head | CPU per event, compared with base | failed: worse, 1.50× (1.50–1.50) |',
    ]);
    expect(blocks[3]).toMatch(/^\| server \| TTFE p99/);
    expect(blocks[4]).toContain(
      '[exit codes](https://example.com/ssebench/blob/HEAD/docs/reference/exit-codes.md)',
    );
    expect(markdown(undefined)).toContain('exit codes (`docs/reference/exit-codes.md`)');
  });

  test('has a summary of limited length', () => {
    const names = Array.from({ length: 200 }, (_, place) => `server ${place}`);
    const result = runResult(names, []);
    const { markdown } = runCiTexts(result, findingsOf(result), undefined);
    expect(
      markdown(undefined)
        .split('\n')
        .filter((line) => line.startsWith('| server ')),
    ).toHaveLength(51);
    expect(markdown(undefined)).toContain('150 more claims: see the JUnit report.');
  });

  test('without a round has an error for each server', () => {
    const result = runResult(['koa'], []);
    expect(githubAnnotations(runCiReport(result, findingsOf(result), undefined))).toEqual([
      '::error title=ssebench run::koa, valid rounds: nothing was measured',
    ]);
  });
});

test('a run whose server refuses its first request has the reason', () => {
  const head = runResult(['http://a/?x', 'koa'], []);
  const report = unansweredCiReport(head, ['http://a/?x: 401 Unauthorized; add --header.']);
  expect(githubAnnotations(report)).toEqual([
    '::error title=ssebench run::http://a/?x, first request: 401 Unauthorized; add --header.',
    '::error title=ssebench run::koa, valid rounds: nothing was measured',
  ]);
});

test('an interrupted command does not pass, although nothing failed before', () => {
  const leaks = { schemaVersion: 2 as const, startedAt: '', servers: [] };
  for (const { report, markdown } of [
    runCiTexts(one(), findingsOf(one()), undefined, true),
    leaksCiTexts(leaks, true),
    endpointCiTexts([], 'error', true),
  ]) {
    expect(junitReport(report)).toMatch(
      /errors="1"[^]*<error message="the command was interrupted/,
    );
    expect(markdown(undefined)).toMatch(/^(## .*: failed in 1 of|\*\*Partial result: )/);
  }
});

describe('a comparison', () => {
  const [before, after] = [1, 1.5].map((factor) =>
    named(
      runResult(
        ['head'],
        six.map((round) => costing(factor, round)),
      ),
    ),
  );
  const comparison = compareResults({ ...before!, name: 'main' }, after!, []);

  test.each<[FailOn | undefined, string]>([
    ['worse', 'failure'],
    [undefined, 'skipped'],
  ])('with --fail-on %s: a worse metric is a %s', (failOn, state) => {
    expect(comparisonCiReport(comparison, failOn, '').suites[0]!.cases).toContainEqual({
      name: 'CPU per event, compared with main',
      state,
      problems: [{ text: 'worse, 1.50× (1.50–1.50)' }],
      tookMs: 0,
    });
  });
});

describe('source lines', () => {
  const { report } = leaksCiTexts(
    leaksResultOf({ ...wholeResult(1), leaks: [leakingVerdict('koa')] }),
  );
  const fileFrom = (root: string, folder: string) =>
    withPathsFrom(root, folder, report).suites[0]!.cases[0]!.problems[0]!.place!.file;

  test('have paths from the root of the repository', () => {
    expect(fileFrom('/repository', '/repository')).toBe('src/events.ts');
    expect(fileFrom('/repository', '/repository/packages/api')).toBe('packages/api/src/events.ts');
  });

  test('elsewhere stay as they are', () =>
    expect(fileFrom('/repository', '/repository-2')).toBe('src/events.ts'));
});
