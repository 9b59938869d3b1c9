/** Comparing saved results on the command line, with hand-made results. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exitCodes } from '../../result/exit-codes.ts';
import { startCommandProcess, type CommandProcess } from '../fixtures/helpers/command-process.ts';
import { measuredRound, runResult } from '../fixtures/helpers/result.ts';
import type { RunResult } from '../../result/run-result.ts';
import { save } from '../fixtures/helpers/reports.ts';
import type { ResultsComparison } from '../../verdict/comparison.ts';

let folder = '';
let commands: CommandProcess;

/** Rounds of a server with this CPU time per event, plus or minus 1 %. */
function rounds(server: string, cpuUs: number, count = 6) {
  return Array.from({ length: count }, (_, n) => {
    const round = measuredRound(server, n + 1);
    return {
      ...round,
      process: { ...round.process!, cpuNs: cpuUs * 25e6 * (1 + 0.01 * ((n % 3) - 1)) },
    };
  });
}
const doubts = [{ check: 'ports', finding: 'none left', remedy: 'Fewer.' }];
const results: Record<string, RunResult> = {
  before: runResult(['koa', 'h3'], [...rounds('koa', 20), ...rounds('h3', 30)]),
  same: runResult(['koa', 'h3'], [...rounds('koa', 20.1), ...rounds('h3', 30)]),
  slower: runResult(['koa'], rounds('koa', 25)),
  faster: runResult(['koa'], rounds('koa', 15)),
  scattered: runResult(
    ['koa'],
    rounds('koa', 20).map((round, n) => ({
      ...round,
      process: { ...round.process, cpuNs: 500e6 * (1 + 0.2 * (n % 3)) },
    })),
  ),
  short: runResult(['koa'], rounds('koa', 25, 5)),
  doubted: runResult(
    ['koa'],
    [
      ...rounds('koa', 20),
      ...rounds('koa', 90, 1).map((round) => ({ ...round, round: 7, doubts })),
    ],
  ),
  invalid: runResult(
    ['koa'],
    rounds('koa', 20).map((round) => ({ ...round, doubts })),
  ),
  nest: runResult(['nest'], rounds('nest', 40)),
};
const otherwise = (result: RunResult): RunResult => ({
  ...result,
  scenario: { ...result.scenario, streams: 10 },
  environment: { ...result.environment, cores: 4 },
});

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ssebench-'));
  commands = startCommandProcess();
  for (const [name, result] of Object.entries(results)) save(join(folder, name), result);
  save(join(folder, 'otherwise'), otherwise(results.before!));
  save(join(folder, 'results/baselines/main'), results.before!);
  const text = readFileSync(join(folder, 'before/result.json'), 'utf8');
  for (const [name, content] of Object.entries({
    truncated: text.slice(0, 2_000),
    'results/baselines/last-year': text.replace('"schemaVersion": 4', '"schemaVersion": 3'),
    old: text.replace('"schemaVersion": 4', '"schemaVersion": 3'),
    foreign: '{"results": []}',
    nothing: 'null',
    undecodable: text.replace(/"delivery": "[^"]+"/, '"delivery": "nonsense"'),
    steering: text.replace('"cpu": "Some CPU"', '"cpu": "\\u001b[2Jgone"'),
    damaged: text.replace('"cpuNs": ', '"cpu": '),
  })) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'result.json'), content);
  }
});
afterAll(async () => {
  await commands.end();
  rmSync(folder, { recursive: true });
});

const compare = (...args: string[]) => commands.run({ words: ['compare', ...args], folder });

test('all shared metrics are compared, with verdicts in words', async () => {
  const { code, stdout, stderr } = await compare('before', 'slower');
  expect({ code, stderr }).toEqual({ code: exitCodes.success, stderr: '' });
  expect(stdout).toMatch(
    /^Not compared, because only one result has it: h3\. Compared with the baseline before, koa is worse in CPU per event \(1\.25×\)\.\nBaseline: before\. Candidate: slower\.\n/,
  );
  expect(stdout).toMatch(
    /CPU per event, µs +20 \(19\.8–20\.2\) +25 \(24\.8–25\.3\) +1\.25× \(1\.2\d–1\.2\d\) +worse\n/,
  );
  expect(stdout).toMatch(/memory per stream, KB +6 +6 +1\.00× \(1\.00–1\.00\) +same\n/);
  expect(stdout).toMatch(/events, \/s +10,000 +10,000 +1\.00× \(1\.00–1\.00\)\n/);
  expect(stdout).toMatch(
    /koa: worse in CPU per event \(1\.25×, 1\.2\d to 1\.2\d\); the same in delivery p99 \(.* and memory per stream \(/,
  );
  expect(stdout).toContain('Not compared, because only one result has them: h3.');
});

test('an inconclusive verdict names the number of rounds needed', async () => {
  expect((await compare('before', 'scattered')).stdout).toMatch(
    /inconclusive in CPU per event \(1\.07×, [\d.]+ to [\d.]+; about \d+ more rounds of each would decide\)/,
  );
});

test('two results with one server each are compared, whatever their servers', async () => {
  expect((await compare('slower', 'nest')).stdout).toMatch(
    /nest against koa: worse in CPU per event \(1\.60×/,
  );
});

test('a file and the name of a baseline are accepted', async () => {
  expect((await compare('main', 'same/result.json')).stdout).toMatch(
    /koa: the same in .*CPU per event/,
  );
});

test('--json prints the comparison', async () => {
  const { stdout } = await compare('before', 'slower', '--json');
  const {
    servers: [koa, ...others],
    ...head
  } = JSON.parse(stdout) as ResultsComparison;
  expect(others).toEqual([]);
  expect(head).toEqual({
    baseline: 'before',
    candidate: 'slower',
    differences: [],
    unpaired: ['h3'],
  });
  expect(koa!.metrics.find(({ metric }) => metric === 'cpu')).toMatchObject({
    verdict: 'worse',
    ratio: expect.closeTo(1.25, 5),
  });
});

test.each<[string[], number]>([
  [['same', '--fail-on', 'worse'], exitCodes.success],
  [['same', '--fail-on', 'inconclusive'], exitCodes.success],
  [['faster', '--fail-on', 'worse'], exitCodes.success],
  [['slower', '--fail-on', 'worse'], exitCodes.unmet],
  [['slower', '--fail-on', 'inconclusive'], exitCodes.unmet],
  [['scattered', '--fail-on', 'worse'], exitCodes.success],
  [['scattered', '--fail-on', 'inconclusive'], exitCodes.unmet],
  [['doubted', '--fail-on', 'worse'], exitCodes.success],
  [['short'], exitCodes.success],
  [['short', '--fail-on', 'worse'], exitCodes.invalid],
  [['invalid', '--fail-on', 'worse'], exitCodes.invalid],
])('the comparison of “before” with %j exits with code %i', async (args, code) =>
  expect((await compare('before', ...args)).code).toBe(code),
);

describe('excluded rounds', () => {
  test.each([
    ['doubted', /Excluded rounds of candidate koa: 1 invalid\./],
    [
      'short',
      /No verdict on koa against the baseline before: the candidate has 5 valid rounds, and verdicts need 6\. Measure the candidate again with --rounds 6\. /,
    ],
    [
      'invalid',
      /koa: no verdict: the candidate has 0 valid rounds \(6 invalid\), and verdicts need 6\.\nExcluded rounds of candidate koa: 6 invalid\./,
    ],
  ])('the comparison with “%s” lists them', async (name, sentence) =>
    expect((await compare('before', name)).stdout).toMatch(sentence),
  );
});

describe('results with different settings', () => {
  test('their values cannot steer the terminal', async () => {
    const { code, stderr } = await compare('before', 'steering');
    expect({ code, stderr }).toEqual({
      code: exitCodes.badInput,
      stderr: expect.stringContaining('machine, cpu: Some CPU before,  [2Jgone after'),
    });
    expect(stderr + (await compare('before', 'steering', '--anyway')).stdout).not.toContain(
      '\u001b',
    );
  });

  test('they are refused, with all differences', async () => {
    const { code, stdout, stderr } = await compare('before', 'otherwise');
    expect({ code, stdout }).toEqual({ code: exitCodes.badInput, stdout: '' });
    expect(stderr).toMatch(
      /otherwise: differs in scenario, streams: 1000 before, 10 after\n +otherwise: differs in machine, cores: 2 before, 4 after\n.*--anyway/,
    );
  });

  test('--anyway compares them, and lists the differences', async () => {
    const { code, stdout } = await compare('before', 'otherwise', '--anyway');
    expect(code).toBe(exitCodes.success);
    expect(stdout).toMatch(
      /The conditions of the two results differ:\n  scenario, streams: 1000 before, 10 after\n  machine, cores: 2 before, 4 after\n/,
    );
  });
});

test.each<[string[], RegExp[]]>([
  [[], [/no result given; give a baseline and a candidate/]],
  [['before'], [/only one result given/]],
  [['before', 'same', 'slower'], [/slower: one result too many/]],
  [['before', 'nowhere'], [/nowhere: no result found; name the folder of a result/]],
  [['before', 'truncated'], [/truncated: is not complete JSON/]],
  [
    ['before', 'old'],
    [/old: has schema version 3, but this ssebench reads version 4; measure it again/],
  ],
  [
    ['last-year', 'before'],
    [
      /last-year: has schema version 3, but this ssebench reads version 4; measure it again with --save-baseline last-year\n/,
    ],
  ],
  [
    ['foreign', 'nothing'],
    [/foreign: is not a result of ssebench/, /nothing: is not a result of ssebench/],
  ],
  [['before', 'undecodable'], [/undecodable: is damaged: it has a histogram that cannot be read/]],
  [['before', 'damaged'], [/damaged: is damaged: rounds\.0\.process\.cpuNs: /]],
  [
    ['before', 'same', '--fail-on', 'better', '--frobnicate'],
    [/--frobnicate: no such option/, /--fail-on better: must be worse or inconclusive/],
  ],
  [['before', 'same', '--fail-on'], [/--fail-on: must be worse or inconclusive/]],
  [['before', 'nest'], [/nest: shares no server with the baseline \(nest; baseline: koa, h3\)/]],
])('compare %j is refused', async (args, complaints) => {
  const { code, stdout, stderr } = await compare(...args);
  expect({ code, stdout }).toEqual({ code: exitCodes.badInput, stdout: '' });
  for (const complaint of complaints) expect(stderr).toMatch(complaint);
  expect(stderr).not.toMatch(/^\s+at /m);
});
