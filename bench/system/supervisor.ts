/**
 * Starts a process that outlives us, and ends what we started if we die without a chance to: by `kill -9`, for want of
 * memory, or in a crash of the runtime. Until then it is a shell that waits for a pipe to close, and takes 1 MB and no
 * CPU time; then it becomes `supervisor-process`.
 */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { Socket } from 'node:net';
import { endAll, processesFrom, type Identity } from './processes.ts';

export interface Supervisor {
  /**
   * A variable for the environment of all that we start. Processes inherit it, so that all of them are found, and
   * nothing else is. Its name is unique: where one of us has started another, its processes have the marks of both.
   */
  mark: Readonly<Record<string, string>>;
  /** Whether it runs, which takes Linux and `/bin/sh`. */
  works: boolean;
  /** Ends these too, and what descends from them, even if their programs drop or overwrite their environment. */
  watch(found: readonly Identity[]): void;
  /** Ends all that is supervised, and then the supervisor. */
  endAll(): void;
}

const shell = '/bin/sh';
/** The longest that it holds up our own end; then the supervisor goes on alone. */
const endWithinMs = 1_000;

/**
 * The shell leaves its loop in the background and ends: so the loop is no child of ours, and whoever ends our children
 * or the processes of our terminal does not meet it. A line names a process to watch, or is `end`.
 */
const untilPipeCloses = `
  trap '' HUP INT QUIT TERM
  {
    while read -r line && test "$line" != end; do watched="$watched $line"; done
    test "$line" = end || exec "$@" $watched
  } <&3 3<&- &`;

/** @param program the file of `supervisor-process` */
export function startSupervisor(program: string): Supervisor {
  const name = `SSEBENCH_SUPERVISED_${randomUUID().replaceAll('-', '')}`;
  const marked = `${name}=1`;
  const tell = existsSync('/proc/self/environ')
    ? startShell([process.execPath, program, marked])
    : undefined;
  const watched: Identity[] = [];
  return {
    mark: { [name]: '1' },
    works: tell !== undefined,
    watch(found) {
      watched.push(...found);
      for (const { pid, started } of found) tell?.(`${pid}:${started}`);
    },
    endAll() {
      if (endAll(() => processesFrom(marked, watched), endWithinMs)) tell?.('end');
    },
  };
}

/** @returns what sends it a line; `undefined` if there is no shell */
function startShell(then: readonly string[]): ((line: string) => void) | undefined {
  const child = spawn(shell, ['-c', untilPipeCloses, 'sh', ...then], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    cwd: '/', // the folder that we run in may be removed
    detached: true,
    // No options of Node: they may name files in that folder.
    env: { PATH: process.env.PATH, LD_LIBRARY_PATH: process.env.LD_LIBRARY_PATH },
  });
  child.on('error', () => {});
  if (child.pid === undefined) return undefined;
  const pipe = child.stdio[3] as Socket;
  pipe.on('error', () => {}); // somebody has ended the shell
  child.unref();
  pipe.unref();
  return (line) => void pipe.write(`${line}\n`);
}
