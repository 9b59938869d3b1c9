/** Starts processes so that they run where we want, and end when we do. */
import { spawn, spawnSync, type ChildProcess, type StdioOptions } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startSupervisor, type Supervisor } from './supervisor.ts';
import { identityOf, type Identity } from './processes.ts';

export interface LaunchOptions {
  /** The cores that it may use; `undefined` leaves that to the system. */
  cores: readonly number[] | undefined;
  stdio: StdioOptions;
  /** Its environment; ours unless said otherwise. */
  env?: NodeJS.ProcessEnv;
  /**
   * Whether it is another's program, which may start others. Only the supervisor ends it if we die: the kernel would
   * end it at once, and the others would lose the parent by which the supervisor finds them.
   */
  foreign?: boolean;
}

const works = (command: string, ...args: string[]) =>
  spawnSync(command, args, { stdio: 'ignore' }).status === 0;
// What this machine has to wrap a command with (util-linux); each is looked up once, when it is needed first.
let hasSetpriv: boolean | undefined;
let hasTaskset: boolean | undefined;
const diesWithUs = () => (hasSetpriv ??= works('setpriv', '--pdeathsig', 'KILL', 'true'));
const choosesCores = () =>
  (hasTaskset ??=
    works('taskset', '-c', '0', 'true') || works('taskset', '-p', String(process.pid)));

type Command = readonly [string, ...string[]];

/**
 * The command that the system really starts. The kernel kills it when its parent dies, but only from the moment at
 * which that is asked for: if the parent has died by then, the command does not start.
 *
 * @param parent `undefined` if the kernel is not to kill it
 */
export function wrapped(
  command: Command,
  cores: readonly number[] | undefined,
  parent: number | undefined,
): Command {
  return [
    ...(parent !== undefined && diesWithUs()
      ? [
          'setpriv',
          '--pdeathsig',
          'KILL',
          'sh',
          '-c',
          'test "$PPID" = "$0" && exec "$@"',
          String(parent),
        ]
      : []),
    ...(cores && choosesCores() ? ['taskset', '-c', cores.join(',')] : []),
    ...command,
  ] as unknown as Command;
}

const children = new Set<ChildProcess>();
let supervisor: Supervisor | undefined;
// The last resort for every way out that runs code; `setpriv` and the supervisor cover the others, such as `kill -9`.
process.on('exit', () => {
  supervisor?.endAll(); // first, while children have their descendants below them
  for (const child of children) child.kill('SIGKILL');
});

/**
 * Starts a command in a process group of its own, out of reach of the terminal's Ctrl-C: that is for us to
 * handle, and a server that it ended first would look like one that had crashed.
 */
export function launch(
  command: Command,
  { cores, stdio, env = process.env, foreign = false }: LaunchOptions,
): ChildProcess {
  supervisor ??= startSupervisor(programBeside(import.meta.url, 'supervisor-process'));
  const [file, ...args] = wrapped(
    command,
    cores,
    foreign && supervisor.works ? undefined : process.pid,
  );
  // 'advanced' lets typed arrays travel over the IPC channel of a generator.
  const child = spawn(file, args, {
    stdio,
    env: { ...env, ...supervisor.mark },
    detached: true,
    serialization: 'advanced',
  });
  if (foreign) supervise(identityOfChild(child));
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
}

/** @returns none if it could not be started, or has ended */
export function identityOfChild({ pid }: ChildProcess): Identity[] {
  const identity = pid === undefined ? undefined : identityOf(pid);
  return identity === undefined ? [] : [identity];
}

/** Has these end with us too: processes that a command has started, and that may lose both their parent and their environment. */
export const supervise = (found: readonly Identity[]): void => supervisor?.watch(found);

/**
 * The file of a program of ours, beside the module at `url`, which starts it: TypeScript where that runs as it was
 * written, JavaScript where it was built.
 */
export function programBeside(url: string, name: string): string {
  return fileURLToPath(new URL(`${name}${extname(url)}`, url));
}

/** How a process ended: one of the two is set. */
export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** Resolves when the process has ended and its output is read; at once where it could not be started. */
export function exitOf(child: ChildProcess): Promise<Exit> {
  return new Promise((resolve) => {
    child.once('error', () => resolve({ code: 127, signal: null }));
    child.once('close', (code, signal) =>
      resolve({ code, signal: signal as NodeJS.Signals | null }),
    );
  });
}

/** Moves this process, with all its threads, to the given cores. */
export function moveToCores(cores: readonly number[]): void {
  if (choosesCores()) {
    spawnSync('taskset', ['-a', '-c', '-p', cores.join(','), String(process.pid)], {
      stdio: 'ignore',
    });
  }
}
