/**
 * Config files are programs. ssebench reads or refuses them soon, even if they loop or exit, and
 * leaves no process behind.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { exitCodes } from '../result/exit-codes.ts';
import {
  startCommandProcess,
  type CommandProcess,
  type Ended,
} from '../tests/fixtures/helpers/command-process.ts';
import { processesNamed } from '../tests/fixtures/helpers/processes-named.ts';

const cli = fileURLToPath(new URL('../cli.ts', import.meta.url));
const times = { interval: 20 };
/** Far less than the time limit for a config file. */
const soonMs = 6_000;
/** A busy machine may need longer several times; a command that waits for the limit always does. */
const timed = { retry: 8 };

let commands: CommandProcess;
beforeAll(() => {
  commands = startCommandProcess();
});
afterAll(() => commands.end());

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ssebench-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const usualName = 'ssebench.config.ts';
const planWith = (name: string) => ['run', 'floor', '--plan', '--json', '--config', name];

/** Runs `--plan` with a config file of this text. */
function start(text: string, name = usualName) {
  writeFileSync(join(folder, name), text);
  return startWith(name);
}

function startWith(name: string) {
  const child = spawn(process.execPath, [cli, ...planWith(name)], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (data) => (output.stdout += data));
  child.stderr.on('data', (data) => (output.stderr += data));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, ...output }));
  const evaluating = () => processesNamed(join(folder, name));
  return { child, output, ended, evaluating };
}

/** The same in a process with other commands. */
function inTurn(text: string, name = usualName, environment: Record<string, string> = {}) {
  writeFileSync(join(folder, name), text);
  return commands.run({ words: planWith(name), folder, environment });
}

const scenarioOf = async (...config: Parameters<typeof inTurn>) =>
  scenarioIn(await inTurn(...config));

function scenarioIn({ code, stdout, stderr }: Record<keyof Ended, unknown>) {
  expect({ code, stderr }).toEqual({ code: exitCodes.success, stderr: '' });
  return (JSON.parse(String(stdout)) as { head: { scenario: object } }).head.scenario;
}

const refused = (name: string, reason: string) => ({
  code: exitCodes.badInput,
  stdout: '',
  stderr: `Error: invalid input; nothing was started:\n  --config ${name}: ${reason}\n`,
});

describe('is read', () => {
  test.each(['ts', 'mts', 'js', 'mjs'])(
    '.%s, with its imports, its awaits and the environment',
    async (extension) => {
      writeFileSync(join(folder, `other.${extension}`), 'export const rounds = 4;');
      mkdirSync(join(folder, 'node_modules'));
      symlinkSync(
        fileURLToPath(new URL('../..', import.meta.url)),
        join(folder, 'node_modules/ssebench'),
      );
      const text = `
      import { existsSync } from 'node:fs';
      import { defineConfig } from 'ssebench';
      import { rounds } from './other.${extension}';
      const streams = await new Promise((resolve) => setTimeout(resolve, 20, Number(process.env.STREAMS)));
      export default defineConfig({ streams, rounds, seed: existsSync('other.${extension}') && import.meta.filename.includes('mine') ? 7 : 8 });`;
      expect(await scenarioOf(text, `mine.${extension}`, { STREAMS: '12' })).toMatchObject({
        streams: 12,
        rounds: 4,
        seed: 7,
      });
    },
  );

  test('.json', async () => {
    expect(await scenarioOf('{ "streams": 12 }', 'mine.json')).toMatchObject({ streams: 12 });
  });

  test.each([
    ['timers', 'setInterval(() => {}, 1000);'],
    [
      'a server',
      "import { createServer } from 'node:http'; createServer().listen(0, '127.0.0.1');",
    ],
    ['a later end of its process', 'setImmediate(() => process.exit(5));'],
    ['a later error', 'setTimeout(() => { throw new Error("out of luck"); });'],
  ])('even if it leaves behind %s', async (_what, code) => {
    expect(await scenarioOf(`${code}\nexport default { streams: 12 };`)).toMatchObject({
      streams: 12,
    });
  });

  test('prints to stderr, so that stdout has only the plan', async () => {
    const { code, stdout, stderr } = await start(
      "console.log('one'); process.stdout.write('two'); console.error('three'); export default { streams: 12 };",
    ).ended;
    expect(code).toBe(exitCodes.success);
    expect(JSON.parse(stdout)).toMatchObject({ head: { scenario: { streams: 12 } } });
    expect(stderr).toBe('one\ntwothree\n');
  });

  test('ends the processes that it started together with the command', async () => {
    const time = `${1_000 + Math.random()}`;
    const { ended } = start(
      `import { spawn } from 'node:child_process'; spawn('setsid', ['sleep', '${time}'], { stdio: 'ignore' }).unref(); export default { streams: 12 };`,
    );
    expect(scenarioIn(await ended)).toMatchObject({ streams: 12 });
    await expect.poll(() => processesNamed(time), times).toEqual([]);
  });
});

/** The complaint is another one if ssebench waits for the limit. */
describe('is refused at once', () => {
  test.each([
    [
      'throws an error',
      "throw new Error('out of luck\\nand more');",
      'cannot be read: out of luck',
    ],
    ['throws text', "throw 'out of luck';", 'cannot be read: out of luck'],
    ['throws undefined', 'throw undefined;', 'cannot be read: undefined'],
    [
      'throws while it awaits',
      "setTimeout(() => { throw new Error('out of luck'); }); await new Promise((done) => setTimeout(done, 60_000));",
      'cannot be read: out of luck',
    ],
    [
      'has an unhandled rejection',
      "void Promise.reject(new Error('out of luck')); await new Promise((done) => setTimeout(done, 60_000));",
      'cannot be read: out of luck',
    ],
    ['has a syntax error', 'export default {', 'cannot be read: '],
    [
      'awaits a promise that never settles',
      'await new Promise(() => {});\nexport default {};',
      'never finishes, because it awaits a promise that never settles; remove that await',
    ],
    [
      'ends its process',
      'process.exit(0);',
      'ended its process (exit code 0) before ssebench could read it; remove the code that ends it',
    ],
    [
      'ends its process as failed',
      'process.exit(7);',
      'ended its process (exit code 7) before ssebench could read it; remove the code that ends it',
    ],
    [
      'kills its process',
      "process.kill(process.pid, 'SIGKILL'); await new Promise((done) => setTimeout(done, 60_000));",
      'ended its process (killed by SIGKILL) before ssebench could read it; remove the code that ends it',
    ],
  ])('if it %s', async (_what, text, reason) => {
    const { code, stdout, stderr } = await inTurn(text);
    expect({ code, stdout }).toEqual({ code: exitCodes.badInput, stdout: '' });
    expect(stderr).toContain(
      `Error: invalid input; nothing was started:\n  --config ssebench.config.ts: ${reason}`,
    );
    expect(stderr.trimEnd().split('\n')).toHaveLength(2);
  });

  test('if it has values that are not data', async () => {
    const { code, stderr } = await inTurn(
      'export default { streams: () => 5, rounds: Symbol("six"), interval: 100n && class {} };',
    );
    expect(code).toBe(exitCodes.badInput);
    for (const key of ['streams', 'rounds', 'interval'])
      expect(stderr).toContain(`\n  ssebench.config.ts: ${key} undefined: must be `);
  });
});

/** Loops would keep both cores busy for 10 s, which other tests need. */
const politely = "import { setPriority } from 'node:os'; setPriority(19);";
const endless: Record<string, string> = {
  'loops.ts': `${politely} for (;;);`,
  'loops.mjs': `${politely} Promise.resolve().then(() => { for (;;); });`,
  'waits.ts': 'setInterval(() => {}, 1000); await new Promise(() => {});',
  'blocks.ts':
    "import { execFileSync } from 'node:child_process'; execFileSync('sleep', ['1000']);",
  'locks.ts': 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);',
};
const late =
  'was not read within 10 s, because it loops or waits, or because this machine is too busy; remove code that loops or waits, or run ssebench again';

test('is refused after 10 s if it has not ended', async () => {
  execFileSync('mkfifo', [join(folder, 'pipe.json')]);
  const all = [
    ...Object.entries(endless).map(([name, text]) => ({ name, started: start(text, name) })),
    { name: 'pipe.json', started: startWith('pipe.json') },
  ];
  for (const { name, started } of all) {
    expect(await started.ended).toEqual(refused(name, late));
    await expect.poll(started.evaluating, times).toEqual([]);
  }
});

describe.each(Object.entries(endless))('%s', (name, text) => {
  test('ends with the first Ctrl-C', timed, async () => {
    const { child, evaluating, ended } = start(text, name);
    await expect.poll(() => evaluating().length, times).toBe(1);
    const startedMs = performance.now();
    child.kill('SIGINT');
    expect(await ended).toEqual({
      code: exitCodes.interrupted,
      stdout: '',
      stderr: 'Stopping; again to stop at once.\n',
    });
    expect(performance.now() - startedMs).toBeLessThan(soonMs);
    await expect.poll(evaluating, times).toEqual([]);
  });

  test('ends with kill -9', async () => {
    const { child, evaluating, ended } = start(text, name);
    await expect.poll(() => evaluating().length, times).toBe(1);
    child.kill('SIGKILL');
    await ended;
    await expect.poll(evaluating, times).toEqual([]);
  });
});
