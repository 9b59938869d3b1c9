import { expect, test } from 'vitest';
import { failedRound, measuredRound, runResult } from '../tests/fixtures/helpers/result.ts';
import { wholeResult } from '../tests/fixtures/helpers/hostile-result.ts';
import { exitCodes } from '../result/exit-codes.ts';
import type { RunResult } from '../result/run-result.ts';
import type { Outcome } from './comparison.ts';
import { exitCodeOf } from './exit-code.ts';
import { findingsOf } from './findings.ts';

const round = measuredRound('koa', 1);
const doubts = [{ check: 'ports', finding: 'none left', remedy: 'Fewer.' }];
const [leaking, unexpected, notInspected] = wholeResult(1).leaks;
const failed = { rounds: [failedRound('koa', 1)] };
const invalid = { rounds: [{ ...round, doubts }] };
const unmet = { expect: ['cpu < 1µs'] };

test.each<[keyof typeof exitCodes, Partial<RunResult>, Outcome]>([
  ['success', {}, 'passed'],
  ['success', { expect: ['cpu < 1ms'] }, 'passed'],
  ['unmet', unmet, 'passed'],
  ['unmet', { expect: ['coalescing.p99.9 < 1s'] }, 'passed'],
  ['unmet', {}, 'failed'],
  ['invalid', {}, 'unjudged'],
  ['invalid', invalid, 'failed'],
  ['invalid', { ...unmet, leaks: [notInspected!] }, 'failed'],
  ['invalid', { ...invalid, leaks: [leaking!] }, 'passed'],
  ['leaking', { ...unmet, leaks: [notInspected!, leaking!] }, 'failed'],
  ['leaking', { leaks: [unexpected!] }, 'passed'],
  ['failure', { ...failed, leaks: [leaking!] }, 'unjudged'],
])('%s: %j, comparison %s', (code, overrides, outcome) => {
  const result = runResult(['koa'], [round], overrides);
  const of = { ...result, ...overrides };
  expect(exitCodeOf(of, findingsOf(of), outcome)).toBe(exitCodes[code]);
});
