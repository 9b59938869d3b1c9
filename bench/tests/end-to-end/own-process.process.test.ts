/**
 * Other tests run many command lines in one process, to save time. Here each command starts as a
 * user starts it, and must end in the same way.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exitCodes } from '../../result/exit-codes.ts';
import {
  runCommand,
  startCommandProcess,
  type CommandProcess,
} from '../fixtures/helpers/command-process.ts';

const reference = fileURLToPath(new URL('../../../results/reference', import.meta.url));

let folder = '';
let shared: CommandProcess;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ssebench-'));
  shared = startCommandProcess();
});
afterAll(async () => {
  await shared.end();
  rmSync(folder, { recursive: true });
});

/** Runs the command line in its own process, and checks that the shared one does the same. */
async function run(text: string) {
  const line = { words: text.split(' '), folder };
  const ended = await runCommand(line);
  expect(await shared.run(line)).toEqual(ended);
  return ended;
}

test.each([
  'run koa --plan --seed 1 --out mine',
  `compare ${reference} ${reference}`,
  'leaks --help',
  'report --help',
  'serve --help',
  'help exit-codes',
  'completion bash',
])('%s succeeds', async (text) => {
  const { code, stdout, stderr } = await run(text);
  expect({ code, stderr }).toEqual({ code: exitCodes.success, stderr: '' });
  expect(stdout).toMatch(/\S/);
});

test.each([
  'run expres',
  'compare nothing',
  'leaks --url nowhere',
  'report nothing',
  'serve expres',
  'help scenrios',
  'completion tcsh',
])('%s is refused', async (text) => {
  const { code, stdout, stderr } = await run(text);
  expect({ code, stdout }).toEqual({ code: exitCodes.badInput, stdout: '' });
  expect(stderr).toMatch(/^Error: invalid input; nothing was started:\n {2}\S/);
});

test('an unexpected error gives exit code 1, with an escaped stack trace', async () => {
  const breaks = `process.stdout.write = () => { throw new Error('broken \\u001b[2J\\n::error::x') }`;
  const environment = {
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(breaks)}`,
  };
  const { code, stdout, stderr } = await runCommand({ words: ['help'], folder, environment });
  expect({ code, stdout }).toEqual({ code: exitCodes.failure, stdout: '' });
  expect(stderr).toMatch(/^Error: broken {2}\[2J\n: :error::x\n {4}at /m);
});
