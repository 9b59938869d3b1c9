import { expect, test } from 'vitest';
import { failedRound, measuredRound, runResult } from '../tests/fixtures/helpers/result.ts';
import { wholeResult } from '../tests/fixtures/helpers/hostile-result.ts';
import { exitCodes } from '../result/exit-codes.ts';
import type { RunResult } from '../result/run-result.ts';
import type { Outcome } from './comparison.ts';
import type { WatchEnd } from '../result/watch-result.ts';
import { exitCodeOf, exitCodeOfWatch } from './exit-code.ts';
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

const growth = { kind: 'timer', what: 'setTimeout', traced: false, held: 90, grown: 80 } as const;
const alarm = {
  ...growth,
  disconnects: 80,
  perDisconnect: 1,
  since: '2026-01-31T12:00:00.000Z',
  records: 6,
  needed: 6,
};

test.each<[keyof typeof exitCodes, WatchEnd['because'], boolean, WatchEnd['alarms']]>([
  ['success', 'limit', true, []],
  ['success', 'exited', true, []],
  ['success', 'interrupted', false, []],
  ['invalid', 'exited', false, []],
  ['invalid', 'limit', false, []],
  ['invalid', 'failed', true, []],
  ['leaking', 'limit', true, [alarm]],
  ['leaking', 'interrupted', true, [alarm]],
  ['leaking', 'failed', true, [alarm]],
])('%s: a watch with the end %s, judged %s, alarms %j', (code, because, isJudged, alarms) =>
  expect(exitCodeOfWatch({ because, isJudged, alarms })).toBe(exitCodes[code]),
);
