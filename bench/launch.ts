/** Starts processes so that they run where we want, and end when we do. */
import { spawn, spawnSync, type ChildProcess, type StdioOptions } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface LaunchOptions {
  /** The cores that it may use; `undefined` leaves that to the system. */
  cores: readonly number[] | undefined;
  stdio: StdioOptions;
  /** Its environment; ours unless said otherwise. */
  env?: NodeJS.ProcessEnv;
}

const works = (command: string, ...args: string[]) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;
let wrappers: { diesWithUs: boolean; choosesCores: boolean } | undefined;

/** What this machine has to wrap a command with (util-linux); looked up once. */
function findWrappers() {
  return (wrappers ??= {
    diesWithUs: works('setpriv', '--pdeathsig', 'KILL', 'true'),
    choosesCores: works('taskset', '-c', '0', 'true') || works('taskset', '-p', String(process.pid)),
  });
}

type Command = readonly [string, ...string[]];

/**
 * The command that the system really starts. The kernel kills it when its parent dies, but only from the moment
 * at which that is asked for: who finds then that the parent has gone already does not start at all.
 */
export function wrapped(command: Command, cores: readonly number[] | undefined, parent: number): Command {
  const { diesWithUs, choosesCores } = findWrappers();
  return [
    ...(diesWithUs ? ['setpriv', '--pdeathsig', 'KILL', 'sh', '-c', 'test "$PPID" = "$0" && exec "$@"', String(parent)] : []),
    ...(choosesCores && cores ? ['taskset', '-c', cores.join(',')] : []),
    ...command,
  ] as unknown as Command;
}

const children = new Set<ChildProcess>();
// The last resort for every way out that runs code; `setpriv` covers the others, such as `kill -9`.
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

/**
 * Starts a command in a process group of its own, out of reach of the terminal's Ctrl-C: that is for us to
 * handle, and a server that it ended first would look like one that had crashed.
 */
export function launch(command: Command, { cores, stdio, env = process.env }: LaunchOptions): ChildProcess {
  const [file, ...args] = wrapped(command, cores, process.pid);
  // 'advanced' lets typed arrays travel over the IPC channel of a generator.
  const child = spawn(file, args, { stdio, env, detached: true, serialization: 'advanced' });
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
}

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
    child.once('close', (code, signal) => resolve({ code, signal: signal as NodeJS.Signals | null }));
  });
}

/** Moves this process, with all its threads, to the given cores. */
export function moveToCores(cores: readonly number[]): void {
  if (findWrappers().choosesCores) {
    spawnSync('taskset', ['-a', '-c', '-p', cores.join(','), String(process.pid)], { stdio: 'ignore' });
  }
}
