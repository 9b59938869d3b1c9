import { readFileSync } from 'node:fs';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { isAlive } from './processes.ts';
import { exitOf, launch, programBeside, wrapped } from './launch.ts';

test('a child runs on the given cores, in its own process group', async () => {
  const child = launch(['sleep', '20'], { cores: [0], stdio: 'ignore' });
  await expect.poll(() => readFileSync(`/proc/${child.pid}/cmdline`, 'utf8')).toBe('sleep\x0020\0');
  expect(readFileSync(`/proc/${child.pid}/status`, 'utf8')).toMatch(/^Cpus_allowed_list:\t0$/m);
  expect(Number(readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(' ')[4])).toBe(child.pid);
  child.kill();
  expect(await exitOf(child)).toEqual({ code: null, signal: 'SIGTERM' });
});

test('programBeside gives the extension of the module that starts the program', () => {
  expect(programBeside('file:///a%20b/fleet.ts', 'generator')).toBe('/a b/generator.ts');
  expect(programBeside('file:///a%20b/fleet.js', 'generator')).toBe('/a b/generator.js');
});

test('a command that cannot be started counts as ended, and nothing throws', async () => {
  const { code } = await exitOf(
    launch(['/nowhere/nothing'], { cores: undefined, stdio: 'ignore' }),
  );
  expect(code).not.toBe(0);
});

test('a command does not start if its parent has already ended', () => {
  const saying = (parent: number) => {
    const [file, ...args] = wrapped(['echo', 'here I am'], undefined, parent);
    return spawnSync(file, args, { encoding: 'utf8' }).stdout;
  };
  expect(saying(process.pid)).toBe('here I am\n');
  expect(saying(process.pid + 1)).toBe('');
});

test.each(['SIGKILL', 'SIGTERM'] as const)(
  'children end with a parent that %s kills',
  async (signal) => {
    const script = `
    import { launch } from ${JSON.stringify(new URL('launch.ts', import.meta.url).href)};
    console.log(launch(['sleep', '1000'], { cores: undefined, stdio: 'ignore' }).pid);
    setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const child = Number(String(line));
    onTestFinished(() => {
      if (isAlive(child)) process.kill(child, 'SIGKILL');
    });
    await expect.poll(() => isAlive(child)).toBe(true);
    parent.kill(signal);
    await expect.poll(() => isAlive(child)).toBe(false);
  },
);
