import { describe, expect, test } from 'vitest';
import { measuredRound, runResult } from '../tests/fixtures/helpers/result.ts';
import type { ShutdownOutcome } from '../scenario/kinds/shutdown.ts';
import type { RunResult } from '../result/run-result.ts';
import { findingsOf } from './findings.ts';

const judge = (result: RunResult) => findingsOf(result).kindVerdicts;

test('a load kind without verdicts gives none', () => {
  expect(judge(runResult(['koa'], [measuredRound('koa', 1)]))).toEqual([]);
});

const clean: ShutdownOutcome = {
  kind: 'shutdown',
  streams: 100,
  endedProperly: 100,
  cut: 0,
  cutInEvent: 0,
  stillOpen: 0,
  retrySeen: 0,
  received: 2_000,
  sent: 2_000,
  lost: 0,
  refusedAfterMs: 2.4,
  exitAfterMs: 215.7,
  exitCode: 0,
  signal: null,
  wasKilled: false,
};
const cutting = { ...clean, endedProperly: 60, cut: 40, cutInEvent: 7, lost: 9 };
const hanging = { ...clean, endedProperly: 0, stillOpen: 100, wasKilled: true, sent: null };
const doubts = [{ check: 'ports', finding: 'none left', remedy: 'Fewer.' }];

function resultOf(...outcomes: readonly ShutdownOutcome[]) {
  const rounds = outcomes.map((outcome, index) => measuredRound('koa', index + 1, { outcome }));
  const { scenario, ...result } = runResult(['koa'], rounds);
  return { ...result, scenario: { ...scenario, load: { kind: 'shutdown' as const, graceMs: 9 } } };
}
const judgeAll = (...outcomes: readonly ShutdownOutcome[]) => judge(resultOf(...outcomes))[0];

describe('a shutdown', () => {
  test.each<[string, ShutdownOutcome, boolean]>([
    ['clean', clean, true],
    ['clean', { ...clean, exitCode: 143 }, true],
    ['cuts streams', cutting, false],
    ['cuts streams', { ...clean, lost: 1 }, false],
    ['hangs', hanging, false],
    ['hangs', { ...cutting, stillOpen: 1 }, false],
    ['hangs', { ...clean, wasKilled: true }, false],
  ])('%s', (state, outcome, passed) => {
    expect(judgeAll(outcome)).toMatchObject({ server: 'koa', state, passed });
  });

  test('the worst round decides, and the sentence counts the rounds like it', () => {
    const verdict = judgeAll(clean, cutting, clean, cutting);
    expect(verdict).toMatchObject({ state: 'cuts streams', passed: false });
    expect(verdict!.sentence).toBe(
      '60 of 100 streams ended properly, 40 were cut (7 within an event), 9 events were lost. New connections were refused after 2ms, and the process ended after 216ms with exit code 0 (in 2 of 4 rounds)',
    );
    expect(judgeAll(cutting, hanging)).toMatchObject({ state: 'hangs' });
  });

  test('an invalid round has no verdict', () => {
    const result = resultOf(clean, hanging);
    const [one, other] = result.rounds;
    const rounds = [one!, { ...other!, doubts }] as typeof result.rounds;
    expect(judge({ ...result, rounds })).toMatchObject([{ state: 'clean' }]);
    expect(judge({ ...result, rounds: [rounds[1]!] })).toEqual([]);
  });
});
