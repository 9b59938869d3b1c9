/**
 * Starts a process that outlives ssebench and ends what ssebench started. That matters if ssebench
 * dies by `kill -9`, out of memory, or in a crash of the runtime. Until then it is a
 * shell that waits for a pipe to close. It takes 1 MB and no CPU time. Then it becomes
 * `supervisor-process`.
 */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { Socket } from 'node:net';
import { endAll, processesFrom, type Identity } from './processes.ts';

export interface Supervisor {
  /**
   * A variable for the environment of every process that we start. Descendants inherit it, so the
   * supervisor finds exactly these processes. Its name is unique: if one ssebench starts another,
   * processes of the inner one have both marks.
   */
  mark: Readonly<Record<string, string>>;
  /** Whether it runs. It needs Linux and `/bin/sh`. */
  works: boolean;
  /**
   * Ends these processes and their descendants too, even if they drop or overwrite their
   * environment.
   */
  watch(found: readonly Identity[]): void;
  /** Ends all supervised processes, and then the supervisor. */
  endAll(): void;
}

const shell = '/bin/sh';
/**
 * The longest delay that this may add to our own end. After that the supervisor continues alone.
 */
const endWithinMs = 1_000;

/**
 * The shell moves its loop to the background and ends. So the loop is not our child, and it
 * survives when someone ends our children or the processes of our terminal. Each line names a
 * process to watch, or is `end`.
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

/** @returns a function that sends a line to the shell; `undefined` if there is no shell */
function startShell(then: readonly string[]): ((line: string) => void) | undefined {
  const child = spawn(shell, ['-c', untilPipeCloses, 'sh', ...then], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    cwd: '/', // our working folder may be removed
    detached: true,
    // No options for Node, since they may name files in that folder.
    env: { PATH: process.env.PATH, LD_LIBRARY_PATH: process.env.LD_LIBRARY_PATH },
  });
  child.on('error', () => {});
  if (child.pid === undefined) return undefined;
  const pipe = child.stdio[3] as Socket;
  pipe.on('error', () => {}); // the shell was ended from outside
  child.unref();
  pipe.unref();
  return (line) => void pipe.write(`${line}\n`);
}
