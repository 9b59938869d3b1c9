/**
 * A launched process ends with its launcher, however it has changed and however the launcher ends.
 * No other process ends.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { processesNamed } from '../tests/fixtures/helpers/processes-named.ts';
import {
  childrenOf,
  endAll,
  identityOf,
  isAlive,
  processesFrom,
  type Identity,
} from './processes.ts';

const launchUrl = JSON.stringify(new URL('launch.ts', import.meta.url).href);
const times = { interval: 20 };

interface Options {
  /** The code that its program runs with the `child` that it has launched. */
  next?: string;
  foreign?: boolean;
  env?: Record<string, string>;
}

/**
 * A program that launches a command. The command gets a unique time to sleep, by which the test
 * finds it. A command can run before `launch` returns, so `asleep` waits for both.
 */
function launcher(
  command: (time: string) => readonly string[],
  { next = 'setInterval(() => {}, 1000);', foreign = true, env = {} }: Options = {},
) {
  const time = `${1_000 + Math.random()}`;
  const program = `
    import { launch } from ${launchUrl};
    const child = launch(${JSON.stringify(command(time))}, { cores: undefined, stdio: 'ignore', foreign: ${foreign} });
    process.stdout.write('launched');
    ${next}`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: true,
    env: { ...process.env, ...env },
  });
  const launched = once(parent.stdout, 'data');
  const left = () => processesNamed(time);
  onTestFinished(() => left().forEach((pid) => process.kill(pid, 'SIGKILL')));
  const sleeping = () => left().filter((pid) => commandOf(pid).startsWith('sleep\0'));
  const asleep = async (count: number) => {
    await launched;
    await expect.poll(() => sleeping().length, times).toBe(count);
  };
  return { parent, ended: once(parent, 'exit'), left, sleeping, asleep };
}

const commandOf = (pid: number) => readFileSync(`/proc/${pid}/cmdline`, 'utf8');
/** The variable with which the launcher marks these processes. */
const markOf = (pids: readonly number[]) =>
  pids.flatMap(
    (pid) => readFileSync(`/proc/${pid}/environ`, 'utf8').match(/SSEBENCH_SUPERVISED_\w+=1/g) ?? [],
  )[0]!;

/**
 * The pid of the supervisor of a launcher. The shell that starts it has the same command line. It
 * is a child of the launcher, and ends at once.
 */
async function supervisorOf(parent: ChildProcess, mark: string): Promise<number> {
  const starting = () => childrenOf(parent.pid!).filter(({ command }) => command.includes(mark));
  await expect.poll(starting, times).toEqual([]);
  const found = processesNamed(mark);
  expect(found).toHaveLength(1);
  return found[0]!;
}

const shapes: Record<string, { count?: number; command: (time: string) => string[] }> = {
  'a program': { command: (time) => ['sleep', time] },
  'a child of a shell': { command: (time) => ['sh', '-c', `sleep ${time}; true`] },
  'a child of a shell that ignores signals': {
    command: (time) => ['sh', '-c', `trap '' HUP INT TERM; sleep ${time}; true`],
  },
  'in its own session': { command: (time) => ['sh', '-c', `setsid sleep ${time} & wait`] },
  'orphaned in its own session': {
    count: 2,
    command: (time) => ['sh', '-c', `(setsid sleep ${time} &); sleep ${time}`],
  },
  'orphaned by a command that has ended': {
    command: (time) => ['sh', '-c', `(setsid sleep ${time} &)`],
  },
  'without its environment': { command: (time) => ['env', '-i', 'sleep', time] },
  'without its environment, in its own session': {
    command: (time) => ['sh', '-c', `setsid env -i sleep ${time} & wait`],
  },
  'without its environment, below other processes without theirs': {
    command: (time) => ['env', '-i', 'sh', '-c', `env -i sh -c 'sleep ${time}; true'; true`],
  },
  'restarted whenever it ends': {
    command: (time) => ['sh', '-c', `(setsid sh -c 'while :; do sleep ${time}; done' &)`],
  },
  stopped: { command: (time) => ['sh', '-c', `sleep ${time} & sleep 0.2; kill -STOP $!; wait`] },
};

describe('kill -9 of the launcher ends a process', () => {
  test.for(Object.entries(shapes))('%s', async ([, { count = 1, command }]) => {
    const { parent, left, asleep } = launcher(command);
    await asleep(count);
    parent.kill('SIGKILL');
    await expect.poll(left, times).toEqual([]);
  });

  test('on a machine without setpriv, where the kernel cannot end it', async () => {
    const tools = mkdtempSync(join(tmpdir(), 'ssebench-'));
    onTestFinished(() => rmSync(tools, { recursive: true }));
    for (const tool of ['sh', 'sleep'])
      symlinkSync(
        spawnSync('which', [tool], { encoding: 'utf8' }).stdout.trim(),
        join(tools, tool),
      );
    const { parent, left, asleep } = launcher((time) => ['sleep', time], {
      foreign: false,
      env: { PATH: tools },
    });
    await asleep(1);
    parent.kill('SIGKILL');
    await expect.poll(left, times).toEqual([]);
  });

  test('started by a nested launcher', async () => {
    const inner = (time: string) =>
      `import { launch } from ${launchUrl}; launch(['sh', '-c', '(setsid sleep ${time} &)'], { cores: undefined, stdio: 'ignore', foreign: true }); setInterval(() => {}, 1000);`;
    const { parent, left, asleep } = launcher((time) => [
      process.execPath,
      '--input-type=module',
      '-e',
      inner(time),
    ]);
    await asleep(1);
    parent.kill('SIGKILL');
    await expect.poll(left, times).toEqual([]);
  });
});

describe('the launched process and the supervisor end if the launcher', () => {
  /** Code that runs when the test asks for it. */
  const atRequest = (code: string) => ({
    next: `process.stdin.once('data', () => { process.stdin.destroy(); ${code} });`,
  });
  test.for<[string, Options, NodeJS.Signals?]>([
    ['is killed', {}, 'SIGKILL'],
    ['ends by a signal that it does not handle', {}, 'SIGTERM'],
    ['ends in a crash of its runtime', {}, 'SIGSEGV'],
    ['ends by itself', atRequest('child.unref();')],
    ['calls process.exit', atRequest('process.exit(3);')],
    ['throws', atRequest('throw new Error("out of luck");')],
    [
      'runs out of memory',
      {
        ...atRequest('for (let all = []; ; ) all.push(new Array(1e5).fill({}));'),
        env: { NODE_OPTIONS: '--max-old-space-size=50' },
      },
    ],
  ])('%s', async ([, options, signal]) => {
    const { parent, ended, left, sleeping, asleep } = launcher(
      (time) => ['sh', '-c', `(setsid sleep ${time} &); env -i sleep ${time}; true`],
      options,
    );
    await asleep(2);
    const mark = markOf(sleeping());
    await supervisorOf(parent, mark);
    if (signal) parent.kill(signal);
    else parent.stdin.write('go');
    await ended;
    await expect.poll(left, times).toEqual([]);
    await expect.poll(() => processesNamed(mark), times).toEqual([]);
  });
});

describe('the supervisor', () => {
  test('is no child of the launcher, and is not in its process group or session', async () => {
    const { parent, ended, left, sleeping, asleep } = launcher((time) => [
      'sh',
      '-c',
      `(setsid sleep ${time} &)`,
    ]);
    await asleep(1);
    const supervisor = await supervisorOf(parent, markOf(sleeping()));
    expect(childrenOf(parent.pid!).map(({ pid }) => pid)).not.toContain(supervisor);
    process.kill(-parent.pid!, 'SIGINT'); // as Ctrl-C does at a terminal
    await ended;
    await expect.poll(left, times).toEqual([]);
  });

  test('ignores the signals that end other programs', async () => {
    const { parent, left, sleeping, asleep } = launcher((time) => [
      'sh',
      '-c',
      `(setsid sleep ${time} &)`,
    ]);
    await asleep(1);
    const supervisor = await supervisorOf(parent, markOf(sleeping()));
    for (const signal of ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM'])
      process.kill(supervisor, signal);
    parent.kill('SIGKILL');
    await expect.poll(left, times).toEqual([]);
  });

  test('ends only processes of its own launcher', async () => {
    const command = (time: string) => ['sh', '-c', `sleep ${time}; true`];
    const [one, other] = [launcher(command), launcher(command)];
    const same = spawn('sleep', ['1001'], {
      stdio: 'ignore',
      env: { ...process.env, SSEBENCH_SUPERVISED: '1', SSEBENCH_SUPERVISED_1: '1' },
    });
    onTestFinished(() => void same.kill('SIGKILL'));
    for (const { asleep } of [one, other]) await asleep(1);
    const mark = markOf(one.sleeping());
    one.parent.kill('SIGKILL');
    await expect.poll(() => [...one.left(), ...processesNamed(mark)], times).toEqual([]);
    expect(other.sleeping()).toHaveLength(1);
    expect(isAlive(same.pid!)).toBe(true);
    other.parent.kill('SIGKILL');
    await expect.poll(other.left, times).toEqual([]);
  });
});

test('a process with the reused pid of an ended process is not killed', async () => {
  const child = spawn('sleep', ['1000'], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  const earlier: Identity = {
    pid: child.pid!,
    started: String(Number(identityOf(child.pid!)!.started) - 1),
  };
  expect(processesFrom('SSEBENCH_NONE=1', [earlier])).toEqual([]);
  expect(endAll(() => [earlier], 100)).toBe(false);
  expect(isAlive(child.pid!)).toBe(true);
});

test('a zombie is not alive', async () => {
  // The shell turns into a program that never waits for its child.
  const parent = spawn('sh', ['-c', 'true & exec sleep 1000'], { stdio: 'ignore' });
  onTestFinished(() => void parent.kill('SIGKILL'));
  const zombies = () =>
    spawnSync('ps', ['--ppid', String(parent.pid), '-o', 'pid=,stat='], { encoding: 'utf8' })
      .stdout;
  await expect.poll(zombies, times).toMatch(/^ *\d+ Z/);
  expect(isAlive(Number.parseInt(zombies(), 10))).toBe(false);
  expect(childrenOf(parent.pid!)).toEqual([]);
});
