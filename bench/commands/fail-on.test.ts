/** `--fail-on` in a run without a baseline: the servers of the run are compared. */
import { expect, test } from 'vitest';
import { measuredRound, runResult } from '../tests/fixtures/helpers/result.ts';
import { steady } from '../tests/fixtures/helpers/scenario.ts';
import { exitCodes } from '../result/exit-codes.ts';
import type { MeasuredRound } from '../result/run-result.ts';
import { outcomeOf } from '../verdict/comparison.ts';
import { exitCodeOf } from '../verdict/exit-code.ts';
import { findingsOf } from '../verdict/findings.ts';
import { whyNoVerdicts } from './fail-on.ts';

const { load } = steady;

test.each([
  ['one server', null, 6, ['add --baseline <name>, or measure a second server']],
  ['too few rounds', 'base', 5, ['use --rounds 6 or more']],
  ['two servers and enough rounds', 'base', 6, []],
])('%s', (_what, against, rounds, solutions) => {
  const complaints = whyNoVerdicts('worse', { against, scenario: { rounds, load } });
  expect(complaints).toEqual(
    solutions.map((solution) =>
      expect.stringMatching(new RegExp(`^--fail-on worse: .*${solution}$`)),
    ),
  );
  expect(whyNoVerdicts(undefined, { against, scenario: { rounds, load } })).toEqual([]);
});

/** The exit code of a run in which `head` uses more CPU time by a factor. */
function codeFor(factor: number, heads = 6): number {
  const six = [1, 2, 3, 4, 5, 6];
  const costing = ({ process, ...round }: MeasuredRound) => ({
    ...round,
    process: { ...process!, cpuNs: process!.cpuNs * factor },
  });
  const result = runResult(
    ['base', 'head'],
    [
      ...six.map((round) => measuredRound('base', round)),
      ...six.slice(0, heads).map((round) => costing(measuredRound('head', round))),
    ],
    { against: 'base' },
  );
  const findings = findingsOf(result);
  return exitCodeOf(result, findings, outcomeOf(findings.judged, 'worse'));
}

test('fails only if the other server is worse', () => {
  expect(codeFor(1.5)).toBe(exitCodes.unmet);
  expect(codeFor(1)).toBe(exitCodes.success);
  expect(codeFor(0.5)).toBe(exitCodes.success);
});

test('has no verdict with too few rounds', () => expect(codeFor(1, 3)).toBe(exitCodes.invalid));
