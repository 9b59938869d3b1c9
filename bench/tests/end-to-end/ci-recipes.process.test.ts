/**
 * The recipes for CI and the steps of the GitHub action, run as a CI system runs them, in a
 * repository with the Express server of the page. The loads are small, and no verdict depends on the
 * speed of the machine.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exitCodes } from '../../result/exit-codes.ts';
import {
  action,
  fixingLine,
  leakyServer,
  shell,
  type Step,
} from '../fixtures/helpers/ci-recipes.ts';
import { freePort } from '../fixtures/helpers/free-port.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const cleanServer = leakyServer.replace(/^.*setInterval.*$/m, (line) => `${line}\n  ${fixingLine}`);
/** The check of a clean server ends before its deadline, however slow the machine is. */
const smallLeaks = '--streams 10 --modes close';

let folder = '';
let repository = '';
let port = 0;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ssebench-'));
  repository = join(folder, 'repository');
  port = await freePort();
  await createRepository();
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a script as GitHub's runner does, with a port that is free. */
async function run(script: string, env: NodeJS.ProcessEnv = {}) {
  const file = join(folder, 'script.sh');
  writeFileSync(file, script.replaceAll('3000', String(port)));
  const { GITHUB_ACTIONS: _, GITHUB_STEP_SUMMARY: __, ...usual } = process.env;
  const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', file], {
    cwd: repository,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...usual,
      PATH: `${dirname(process.execPath)}:${join(repository, 'node_modules/.bin')}:${usual.PATH}`,
      ...env,
    },
  });
  let output = '';
  child.stdout.on('data', (text) => (output += text));
  child.stderr.on('data', (text) => (output += text));
  const [code] = await once(child, 'close');
  return { code: code as number, output };
}

/** Installs what `npm ci` would, from this repository. */
const install = (into: string) => {
  mkdirSync(join(into, 'node_modules/.bin'), { recursive: true });
  symlinkSync(join(root, 'bench/cli.ts'), join(into, 'node_modules/.bin/ssebench'));
  symlinkSync(join(root, 'node_modules/express'), join(into, 'node_modules/express'));
};

/** A repository with a remote, whose branch `main` has the server of the page, and it with the leak. */
async function createRepository() {
  mkdirSync(repository);
  // Long enough for all streams to open, also on a busy machine. Otherwise they fail.
  const load = { streams: 10, ramp: '10ms', warmup: '1s', duration: '1s', rounds: 1 };
  const files = {
    'server.js': cleanServer.replaceAll('3000', String(port)),
    'leaky.js': leakyServer.replaceAll('3000', String(port)),
    'package.json': JSON.stringify({ name: 'app', type: 'module' }),
    'ssebench.config.json': JSON.stringify(load),
    '.gitignore': 'node_modules\nresults\n',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(repository, name), text);
  install(repository);
  const git = 'git -c user.name=test -c user.email=test@localhost';
  const { code, output } = await run(
    `${git} init --quiet --initial-branch=main && git add . && ${git} commit --quiet -m first
     git clone --quiet --bare . ../origin.git && git remote add origin ../origin.git`,
  );
  if (code !== 0) throw new Error(output);
}

/** A failure then shows the output. */
const endedWith = (code: number) => ({ code, output: expect.any(String) });
const resultFile = (name: string) => readFileSync(join(repository, 'results', name), 'utf8');

test('the recipe passes a server without a fault, and compares it with its base', async () => {
  const recipe = shell // with small loads, and with links instead of downloads
    .replace(/^npm ci$/m, '')
    .replace('npm ci)', 'cp -RP "$OLDPWD/node_modules" .)')
    .replace('ssebench leaks', `ssebench leaks ${smallLeaks}`)
    .replace('--rounds 6 --fail-on worse', '--rounds 1')
    // On a busy machine, rounds are invalid.
    .replaceAll(/^npx ssebench run .*$/gm, `$& || test $? = ${exitCodes.invalid}`)
    .replace('$1', 'main');
  expect(await run(recipe, { TMPDIR: folder })).toEqual(endedWith(exitCodes.success));
  expect(resultFile('leaks.xml')).toContain('failures="0" errors="0"');
  expect(resultFile('run.xml')).toContain('name="failed = 0"');
  expect(resultFile('base.xml')).toMatch(/name="base"[^]*name="head"[^]*compar.* base/);
});

describe('the action', () => {
  /** Runs its steps, and returns the outputs of each. */
  async function runAction(inputs: Readonly<Record<string, string>>) {
    const outputs: Record<string, Record<string, string>> = {};
    const summary = join(folder, 'summary.md');
    rmSync(summary, { force: true });
    const given = (name: string) => inputs[name] ?? action.inputs[name]!.default ?? '';
    const filledIn = (text: string) =>
      text.replaceAll(
        /\$\{\{ (\w+)\.([\w-]+)(?:\.outputs\.([\w-]+))? \}\}/g,
        (_, kind, name, output) =>
          kind === 'inputs' ? given(name) : (outputs[name]?.[output] ?? ''),
      );
    const isSkipped = ({ if: condition = '' }: Step) => {
      const [, name] = /^inputs\.([\w-]+) != ''$/.exec(condition) ?? [];
      return name !== undefined && given(name) === '';
    };
    let ended = { code: 0, output: '' };
    for (const step of action.runs.steps) {
      if (isSkipped(step)) continue;
      const written = join(folder, `output-${step.id}`);
      writeFileSync(written, '');
      const env = Object.entries(step.env ?? {}).map(([name, text]) => [name, filledIn(text)]);
      ended = await run(step.run!, {
        ...Object.fromEntries(env),
        GITHUB_ACTIONS: 'true',
        GITHUB_OUTPUT: written,
        GITHUB_STEP_SUMMARY: summary,
        GITHUB_WORKSPACE: repository,
        RUNNER_TEMP: folder,
      });
      const lines = readFileSync(written, 'utf8').trim().split('\n');
      outputs[step.id!] = Object.fromEntries(lines.map((line) => line.split(/=(.*)/s)));
      if (ended.code !== 0) break;
    }
    const text = existsSync(summary) ? readFileSync(summary, 'utf8') : '';
    return { ...ended, outputs: outputs['ssebench'] ?? {}, summary: text };
  }
  const urlAt = () => `http://127.0.0.1:${port}/event`;

  test('reports a leak: outputs, an annotation at its line, and a summary', async () => {
    const { code, output, outputs, summary } = await runAction({
      command: 'leaks',
      url: urlAt(),
      server: 'node "leaky.js"',
      args: `${smallLeaks} --deadline 300ms`,
    });
    expect({ code, output }).toEqual(endedWith(exitCodes.leaking));
    expect(outputs).toMatchObject({ 'exit-code': '4', verdict: 'leaking' });
    expect(output).toMatch(/^::error file=leaky\.js,line=8,title=ssebench leaks::/m);
    expect(summary).toMatch(/^## ssebench leaks: failed in 1 of 1 claim\n/);
    expect(readFileSync(outputs['junit']!, 'utf8')).toContain('file="leaky.js" line="8"');
  });

  test('fails by an expectation, whose quotes group words', async () => {
    const { code, output, outputs } = await runAction({
      url: urlAt(),
      server: 'node server.js',
      args: "--expect 'failed > 0'",
    });
    const isInvalid = code === exitCodes.invalid; // on a busy machine
    expect({ code, output }).toEqual(endedWith(isInvalid ? code : exitCodes.unmet));
    expect(outputs).toMatchObject({
      'exit-code': String(code),
      verdict: isInvalid ? 'invalid' : 'unmet',
    });
    expect(output).toMatch(/^::error title=ssebench run::.*, failed > 0: /m);
    expect(existsSync(join(outputs['result']!, 'report.html'))).toBe(true);
  });

  test('checks out the base and prepares it', async () => {
    const { code, output, outputs } = await runAction({
      url: urlAt(),
      server: 'node server.js',
      base: 'main',
      setup: 'touch prepared',
      args: '--plan --leak-check',
    });
    expect({ code, output }).toEqual(endedWith(exitCodes.success));
    const [, base = ''] = /Server base: started .*: node server\.js; in ([\w/.-]+)/.exec(output)!;
    expect(base.startsWith(join(folder, 'ssebench-base-'))).toBe(true);
    expect(existsSync(join(base, 'prepared'))).toBe(true);
    expect(output).toContain('Compared with: base');
    expect(output).toContain('a leak check of each server with a known process, except base');
    expect(outputs).toMatchObject({ 'exit-code': '0', verdict: 'success' });
    expect(existsSync(join(base, 'server.js'))).toBe(true);
  });

  test('lets no input become a part of a script', async () => {
    const hostile = '$(touch hostile) `touch hostile`; touch hostile #';
    for (const name of ['command', 'url', 'server', 'args', 'version']) {
      const text = name === 'version' ? `${hostile}.tgz` : hostile; // npm asks no registry for a file
      const { code } = await runAction({ command: 'compare', [name]: text });
      expect({ name, code }).not.toEqual({ name, code: exitCodes.success });
    }
    expect(existsSync(join(repository, 'hostile'))).toBe(false);
  });

  test.each([
    ['an unknown command', { command: 'run\n::set' }, 'command: no such command'],
    ['a quote that is not closed', { args: '--expect "failed' }, 'args: a quote is not closed'],
    ['the start of a command in args', { args: '-- node' }, 'args: -- begins the command'],
  ])('refuses %s', async (_what, inputs, complaint) => {
    const { code, output, outputs } = await runAction(inputs);
    expect({ code, output }).toMatchObject({
      code: exitCodes.badInput,
      output: expect.stringContaining(`::error title=ssebench::${complaint}`),
    });
    expect(outputs).toMatchObject({ 'exit-code': '2', verdict: 'bad-input' });
    expect(readdirSync(outputs['result']!)).toEqual([]);
  });
});
