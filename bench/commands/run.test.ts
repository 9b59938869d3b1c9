import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findingsOf } from '../verdict/findings.ts';
import { measuredRound, runResult } from '../tests/fixtures/helpers/result.ts';
import { reportComparison, showVerdicts } from './run.ts';
import { silenced, type Terminal } from './terminal.ts';

let lines: string[] = [];
const terminal: Terminal = {
  interactive: false,
  width: 80,
  style: (_format, text) => text,
  print: () => {},
  note: (text) => lines.push(text),
  essential: (text) => lines.push(text),
  progress: () => {},
};

describe('verdicts beside JSON', () => {
  const { counts } = measuredRound('koa', 1);
  const round = measuredRound('koa', 1, { counts: { ...counts, missing: 3 } });
  const expectations = ['missing = 0', 'duplicate = 0'];
  const { thresholds } = findingsOf(runResult(['koa'], [round], { expect: expectations }));
  const sentence = '3 of 20 streams were ended by force';
  const kindVerdicts = [
    { server: 'koa', state: 'hangs', sentence, passed: false },
    { server: 'h3', state: 'clean', sentence: '', passed: true },
  ] as const;
  const shown = (one: Terminal) => {
    lines = [];
    showVerdicts({ kindVerdicts: [...kindVerdicts], thresholds }, one);
    return lines;
  };

  test('all verdicts are shown', () => expect(shown(terminal)).toHaveLength(4));

  test('with --quiet, those that did not pass are shown', () =>
    expect(shown(silenced(terminal))).toEqual([
      `koa: hangs: ${sentence}`,
      'koa: missing = 0 does not hold: 3',
    ]));
});

test('with --json --quiet, the comparison with a baseline is shown', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ssebench-'));
  const result = runResult(['koa'], [measuredRound('koa', 1)]);
  const baseline = { name: 'main', result, findings: findingsOf(result), differences: [] };
  lines = [];
  const request = { failOn: undefined, folder };
  const { outcome } = reportComparison(
    request,
    result,
    findingsOf(result, baseline),
    true,
    silenced(terminal),
  );
  rmSync(folder, { recursive: true });
  expect(outcome).toBe('passed');
  expect(lines.join('\n')).toContain('Baseline: main. Candidate: ');
});
