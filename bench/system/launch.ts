/** Starts processes on given cores, and ensures that they end when ssebench ends. */
import { spawn, spawnSync, type ChildProcess, type StdioOptions } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withoutPassphrase } from '../scenario/passphrase.ts';
import { startSupervisor, type Supervisor } from './supervisor.ts';
import { identityOf, type Identity } from './processes.ts';

export interface LaunchOptions {
  /** The cores that it may use; `undefined` leaves the choice to the system. */
  cores: readonly number[] | undefined;
  stdio: StdioOptions;
  /** The folder in which it starts; by default that of ssebench. */
  cwd?: string | undefined;
  /** Its environment; by default that of ssebench. */
  env?: NodeJS.ProcessEnv;
  /**
   * Whether the program is not part of ssebench and may start others. Then only the supervisor ends
   * it if ssebench dies. The kernel would end it at once, and its children would lose the parent by
   * which the supervisor finds them.
   */
  foreign?: boolean;
}

const works = (command: string, ...args: string[]) =>
  spawnSync(command, args, { stdio: 'ignore' }).status === 0;
// Tools of util-linux that wrap a command; each is looked up once, at its first use.
let hasSetpriv: boolean | undefined;
let hasTaskset: boolean | undefined;
const diesWithUs = () => (hasSetpriv ??= works('setpriv', '--pdeathsig', 'KILL', 'true'));
const choosesCores = () =>
  (hasTaskset ??=
    works('taskset', '-c', '0', 'true') || works('taskset', '-p', String(process.pid)));

type Command = readonly [string, ...string[]];

/**
 * The command that the system really starts. The kernel kills it when its parent dies, but only
 * once the command has asked for that. If the parent has died by then, the command does not start.
 *
 * @param parent `undefined` if the kernel must not kill it
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
// The last resort for every end of ssebench that still runs code. `setpriv` and the supervisor
// cover the others, such as `kill -9`.
process.on('exit', () => {
  supervisor?.endAll(); // first, while children are still the parents of their descendants
  for (const child of children) child.kill('SIGKILL');
});

/**
 * Starts a command in its own process group, out of reach of Ctrl-C at the terminal. ssebench
 * handles Ctrl-C itself: a server ended by it would look like a crash.
 */
export function launch(
  command: Command,
  { cores, stdio, cwd, env = process.env, foreign = false }: LaunchOptions,
): ChildProcess {
  supervisor ??= startSupervisor(programBeside(import.meta.url, 'supervisor-process'));
  const [file, ...args] = wrapped(
    command,
    cores,
    foreign && supervisor.works ? undefined : process.pid,
  );
  // 'advanced' lets a generator send typed arrays over its IPC channel.
  const child = spawn(file, args, {
    stdio,
    cwd,
    env: { ...withoutPassphrase(env), ...supervisor.mark },
    detached: true,
    windowsHide: true, // a process group on Windows would open a window
    serialization: 'advanced',
  });
  if (foreign) supervise(identityOfChild(child));
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
}

/** @returns empty if the process could not be started, or has ended */
export function identityOfChild({ pid }: ChildProcess): Identity[] {
  const identity = pid === undefined ? undefined : identityOf(pid);
  return identity === undefined ? [] : [identity];
}

/**
 * Ends these processes too when ssebench ends. They come from a command, and may lose both their
 * parent and their environment.
 */
export const supervise = (found: readonly Identity[]): void => supervisor?.watch(found);

/**
 * The file of an ssebench program beside the module at `url` that starts it. It is TypeScript if
 * the source runs directly, and JavaScript if it was built.
 */
export function programBeside(url: string, name: string): string {
  return fileURLToPath(new URL(`${name}${extname(url)}`, url));
}

/** How a process ended: exactly one of the two is set. */
export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/**
 * Resolves when the process has ended and its output is read; at once if it could not be started.
 */
export function exitOf(child: ChildProcess): Promise<Exit> {
  return new Promise((resolve) => {
    child.once('error', () => resolve({ code: 127, signal: null }));
    child.once('close', (code, signal) =>
      resolve({ code, signal: signal as NodeJS.Signals | null }),
    );
  });
}

/** Moves this process with all its threads to the given cores. */
export function moveToCores(cores: readonly number[]): void {
  if (choosesCores()) {
    spawnSync('taskset', ['-a', '-c', '-p', cores.join(','), String(process.pid)], {
      stdio: 'ignore',
    });
  }
}
