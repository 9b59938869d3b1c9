/** Comparisons end to end: real servers under load, in rounds, and the verdicts on them. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exitCodes } from '../../result/exit-codes.ts';
import { runResult } from '../fixtures/helpers/result.ts';
import { fixture } from '../fixtures/helpers/round.ts';
import { steady } from '../fixtures/helpers/scenario.ts';
import { run, runContext } from '../../run/run.ts';
import { readResult } from '../../report/read-result.ts';
import { valueOf } from '../../scenario/complaint.ts';
import { placement } from '../../system/cores.ts';
import { findingsOf } from '../../verdict/findings.ts';
import { leastRounds } from '../../verdict/metric-comparison.ts';

const cli = fileURLToPath(new URL('../../cli.ts', import.meta.url));
const rounds = leastRounds + 2; // a busy machine may invalidate some

/** If the host takes away CPU time, rounds are correctly invalid. Then the test is repeated. */
const repeated = { retry: 4, timeout: 120_000 };

test('a server that computes 0.5 ms more per event is worse', repeated, async () => {
  const scenario = {
    ...steady,
    streams: 60,
    quietStreams: 0,
    rampMs: 100,
    warmUpMs: 100,
    durationMs: 400,
    rounds,
  };
  const serversUnderTest = [
    { kind: 'reference' as const, name: 'one', file: fixture('costs-nothing-more') },
    { kind: 'reference' as const, name: 'slow', file: fixture('burns-cpu') },
  ];
  const head = runResult(
    serversUnderTest.map(({ name }) => name),
    [],
    { scenario, status: 'partial' },
  );
  const context = runContext(
    scenario,
    { descriptors: 20_000, ports: 28_000, memoryBytes: 24e9 },
    placement(),
    new AbortController().signal,
  );
  const result = await run(head, serversUnderTest, context, { onPosition() {}, onRound() {} });
  const [slow] = findingsOf({ ...result, against: 'one' }).comparisons;
  expect(slow!.metrics.find(({ metric }) => metric === 'cpu')).toMatchObject({
    verdict: 'worse',
    ratio: expect.toSatisfy((ratio: number) => ratio > 3),
  });
});

describe('the command line', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'ssebench-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  async function ssebench(...args: string[]) {
    const child = spawn(process.execPath, [cli, ...args], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output = { stdout: '', stderr: '' };
    child.stdout.on('data', (text) => (output.stdout += text));
    child.stderr.on('data', (text) => (output.stderr += text));
    const [code] = await once(child, 'close');
    return { code: code as number | null, ...output };
  }
  const small = [
    '--streams',
    '60',
    '--interval',
    '50ms',
    '--ramp',
    '100ms',
    '--warmup',
    '100ms',
    '--duration',
    '400ms',
    '--quiet-streams',
    '0',
  ];
  const many = [...small, '--rounds', String(rounds)];

  test('a server that costs more than a saved baseline fails', repeated, async () => {
    for (const name of ['before', 'after'])
      rmSync(join(folder, name), { recursive: true, force: true });
    const before = await ssebench(
      'run',
      'floor',
      ...many,
      '--save-baseline',
      'main',
      '--out',
      'before',
    );
    expect(before).toMatchObject({
      code: exitCodes.success,
      stderr: expect.stringMatching(
        /(Saved|Replaced) the baseline main in results\/baselines\/main\./,
      ),
    });
    const after = await ssebench(
      'run',
      'nest',
      ...many,
      '--baseline',
      'main',
      '--save-baseline',
      'main',
      '--fail-on',
      'worse',
      '--out',
      'after',
    );
    expect(after.stderr).toContain('Baseline main not saved');
    expect(after).toMatchObject({
      code: exitCodes.unmet,
      stdout: expect.stringMatching(
        /\nBaseline: main\. Candidate: nest\.\n[^]*nest against floor: worse in .*CPU per event \(/,
      ),
    });
    expect(readFileSync(join(folder, 'after', 'comparison.md'), 'utf8')).toMatch(
      /^# Comparison\n[^]*\n- nest against floor: worse in /,
    );
    expect((await ssebench('compare', 'before', 'after', '--fail-on', 'worse')).code).toBe(
      exitCodes.unmet,
    );
    expect((await ssebench('compare', 'before', 'main', '--fail-on', 'worse')).code).toBe(
      exitCodes.success,
    );
  });

  test(
    'a baseline with other settings is refused, unless --anyway is given',
    repeated,
    async () => {
      rmSync(join(folder, 'other'), { recursive: true, force: true });
      const otherwise = [
        'run',
        'floor',
        ...small,
        '--streams',
        '30',
        '--rounds',
        '1',
        '--baseline',
        'main',
        '--out',
        'other',
      ];
      const refused = await ssebench(...otherwise);
      expect(refused).toMatchObject({
        code: exitCodes.badInput,
        stdout: '',
        stderr: expect.stringContaining(
          '--baseline main: was measured under other conditions (scenario, streams: 60 before, 30 after); repeat it under these, or compare with --anyway',
        ),
      });
      expect(existsSync(join(folder, 'other'))).toBe(false);
      const anyway = await ssebench(...otherwise, '--anyway');
      expect(anyway.stdout).toMatch(
        /conditions of the two results differ:\n  scenario, streams: 60 before, 30 after\n[^]*floor: no verdict: the candidate has (?:1 valid round|0 valid rounds \(1 invalid\)), and verdicts need 6(?:; the candidate has no delivery p99, which the baseline has)?\./,
      );
    },
  );

  test('--fail-on refuses a run with too few rounds', async () => {
    const { code, stderr } = await ssebench(
      'run',
      'floor',
      ...small,
      '--rounds',
      '3',
      '--baseline',
      'main',
      '--fail-on',
      'worse',
    );
    expect({ code, stderr }).toEqual({
      code: exitCodes.badInput,
      stderr: expect.stringContaining(
        '--fail-on worse: needs 6 rounds, but this run has 3; use --rounds 6 or more',
      ),
    });
  });

  test('an expectation that fails or cannot be judged exits with 5', repeated, async () => {
    rmSync(join(folder, 'expected'), { recursive: true, force: true });
    const expected = [
      '--expect',
      'missing = 0',
      '--expect',
      'delivery.p50 < 1ns',
      '--expect',
      'delivery.p99.9 < 3600s',
    ];
    const { code, stdout } = await ssebench(
      'run',
      'floor',
      ...small,
      '--rounds',
      '2',
      ...expected,
      '--out',
      'expected',
    );
    expect(code).toBe(exitCodes.unmet);
    expect(stdout).toMatch(
      /\nfloor: missing = 0 holds: 0\nfloor: delivery\.p50 < 1ns does not hold: \S+ ms\nfloor: delivery\.p99\.9 < 3600s could not be checked: too few samples/,
    );
    const { expect: kept, command } = valueOf(readResult(join(folder, 'expected')));
    expect(kept).toEqual(['missing = 0', 'delivery.p50 < 1ns', 'delivery.p99.9 < 3600s']);
    expect(command).toContain("--expect 'missing = 0' --expect 'delivery.p50 < 1ns'");
    expect(
      (await ssebench('run', 'floor', ...small, '--rounds', '2', '--expect', 'missing = 0')).code,
    ).toBe(exitCodes.success);
  });

  test('a partial result does not become a baseline', async () => {
    const child = spawn(
      process.execPath,
      [cli, 'run', 'floor', ...many, '--save-baseline', 'partial'],
      { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    let stderr = '';
    child.stderr.on('data', (text) => (stderr += text));
    await expect.poll(() => stderr).toContain('[1/');
    child.kill('SIGINT');
    expect(await once(child, 'close')).toEqual([exitCodes.interrupted, null]);
    expect(stderr).toContain(
      `Baseline partial not saved: the exit code is ${exitCodes.interrupted}, and a baseline needs exit code 0.`,
    );
    expect(existsSync(join(folder, 'results/baselines/partial'))).toBe(false);
  });
});
