/** The completion scripts in the real shells. A shell that is not installed is skipped. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const cli = fileURLToPath(new URL('../../cli.ts', import.meta.url));
const shells = ['bash', 'zsh', 'fish'] as const;
const isInstalled = (shell: string) => spawnSync(shell, ['--version']).status === 0;

const folder = mkdtempSync(join(tmpdir(), 'ssebench-'));
const scriptOf = (shell: string) => join(folder, shell);
beforeAll(() => {
  for (const shell of shells)
    writeFileSync(scriptOf(shell), execFileSync(process.execPath, [cli, 'completion', shell]));
  writeFileSync(join(folder, 'saved.json'), '{}');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A line before the tab key → its words after it. */
const completed: [typed: string, words: string[]][] = [
  ['ssebench comple', ['completion']],
  ['ssebench run --scen', ['run', '--scenario']],
  ['ssebench run --scenario shut', ['run', '--scenario', 'shutdown']],
  ['ssebench run --disconnect half', ['run', '--disconnect', 'half-close']],
  ['ssebench run --streams 5 express fasti', ['run', '--streams', '5', 'express', 'fastify']],
  ['ssebench run --against better', ['run', '--against', 'better-sse']],
  ['ssebench leaks --modes stop', ['leaks', '--modes', 'stop-reading']],
  ['ssebench leaks --junit sav', ['leaks', '--junit', 'saved.json']],
  ['ssebench compare sav', ['compare', 'saved.json']],
  ['ssebench compare x y --fail-on incon', ['compare', 'x', 'y', '--fail-on', 'inconclusive']],
  ['ssebench serve koa --po', ['serve', 'koa', '--port']],
  ['ssebench help scen', ['help', 'scenarios']],
  ['ssebench help comp', ['help', 'comp']],
  ['ssebench completion zs', ['completion', 'zsh']],
];

/** How each shell loads a script, with as little configuration as possible. */
const interactive = {
  bash: {
    args: ['--norc', '--noprofile', '-i'],
    load: `bind 'set bell-style none'; source ${scriptOf('bash')}`,
  },
  zsh: {
    args: ['-f', '-i'],
    load: `unsetopt beep; autoload -Uz compinit; compinit -u -D; source ${scriptOf('zsh')}`,
  },
};

describe.each(['bash', 'zsh'] as const)('%s', (shell) => {
  test.skipIf(!isInstalled(shell)).concurrent.for(completed)(
    'completes %j at a terminal',
    async ([typed, words], context) => {
      const { args, load } = interactive[shell];
      const command = `stty -echo; exec ${shell} ${args.join(' ')}`;
      const child = spawn('script', ['-q', '-e', '-c', command, '/dev/null'], {
        cwd: folder,
        env: { ...process.env, TERM: 'dumb', PS1: '' },
      });
      let screen = '';
      child.stdout.on('data', (text) => (screen += text));
      // The command prints what it was called with.
      child.stdin.write(`${load}; ssebench() { printf '<%s>' "$@"; echo; }; echo lo''aded\n`);
      await context.expect.poll(() => screen).toContain('loaded');
      child.stdin.write(`${typed}\t\nexit\n`);
      await once(child, 'close');
      context.expect(screen).toContain(`${words.map((word) => `<${word}>`).join('')}\r\n`);
    },
  );
});

describe('fish', () => {
  test.skipIf(!isInstalled('fish')).concurrent.each(completed)('completes %j', (typed, words) => {
    const script = `source ${scriptOf('fish')}; complete -C ${JSON.stringify(typed)}`;
    const offered = execFileSync('fish', ['--no-config', '-c', script], { cwd: folder })
      .toString()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.split('\t')[0]);
    const last = typed.split(' ').at(-1)!;
    expect(offered.length === 1 ? offered[0] : last).toBe(words.at(-1));
  });
});

test('bash offers every option, and nothing where a number is expected', () => {
  const offer = (...words: string[]) =>
    execFileSync('bash', [
      '--norc',
      '-c',
      `source ${scriptOf('bash')}; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _ssebench; echo "\${COMPREPLY[*]}"`,
      'bash',
      ...words,
    ])
      .toString()
      .trim()
      .split(' ');
  expect(offer('ssebench', 'run', '--s')).toEqual([
    '--scenario',
    '--streams',
    '--streams-per-connection',
    '--spacing',
    '--slow-readers',
    '--slow-bytes',
    '--search',
    '--server-processes',
    '--server-name',
    '--sequence',
    '--sequence-of',
    '--stamp',
    '--seed',
    '--save-baseline',
  ]);
  expect(offer('ssebench', 'run', '-c', '')).toEqual(['']);
  expect(offer('ssebench', 'run', '--scenario', '=', 'so')).toEqual(['soak']);
});

test.each(shells.filter(isInstalled))('the script for %s has no syntax error', (shell) => {
  expect(spawnSync(shell, ['-n', scriptOf(shell)]).status).toBe(0);
});
