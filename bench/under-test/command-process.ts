/**
 * Runs the user's command as a process, and ends it together with all processes that it started.
 */
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { within } from '../system/deadline.ts';
import { exitOf, identityOfChild, launch, supervise, type Exit } from '../system/launch.ts';
import { keepLastLines } from '../system/last-lines.ts';
import { commandInWords } from '../scenario/command-secrets.ts';
import { pathIn } from '../scenario/own-servers/program.ts';
import {
  endAll,
  familyOf,
  processesFrom,
  type Identity,
  type Relative,
} from '../system/processes.ts';
import { describeExit } from './server-failure.ts';

export interface CommandOptions {
  command: readonly [string, ...string[]];
  /** The folder in which it starts; `null` for the current one. */
  cwd?: string | null;
  /** Added to the environment. */
  env?: Readonly<Record<string, string>>;
  /** Arguments for every Node process that the command starts. */
  nodeArguments: readonly string[];
  /** The cores that it may use; `undefined` leaves the choice to the system. */
  cores?: readonly number[] | undefined;
  /** Called with each line of its output. */
  onLine?: (line: string) => void;
}

export interface StartedCommand {
  /** `undefined` if the program could not be started. */
  pid: number | undefined;
  /** Resolves when its own process has ended. */
  ended: Promise<Exit>;
  /** Resolves when its own process has ended, and no process can add to its output. */
  exited: Promise<Exit>;
  /** Rejects with the last output if the command ends before `stop` is called. */
  tooEarly: Promise<never>;
  /** The last lines of its output. */
  lastLines(): readonly string[];
  /** The last lines written to stdout. */
  stdout: string[];
  /** Its living processes: its own, and all that it has started. */
  processes(): Relative[];
  /**
   * The same for frequent calls. A process that has lost its parent is found up to 5 s later.
   */
  family(): Relative[];
  /** Sends SIGTERM to its own process only, as an orchestrator does. */
  terminate(): void;
  /** Ends all its processes with SIGKILL, and waits for that. */
  kill(): Promise<void>;
  /**
   * Sends SIGTERM, then SIGKILL if it does not end in time; also to the processes that it has
   * started.
   */
  stop(): Promise<void>;
}

const stopWithinMs = 2_000;
/** Time for all processes to end after SIGKILL. */
const dieWithinMs = 1_000;
/** A stack trace of Node, with its head and its end. */
const keptLines = 20;
const searchEachMs = 5_000;
/**
 * Child processes inherit this variable. It identifies them even if they have left the process
 * group, as with `setsid`.
 */
const markVariable = 'SSEBENCH_COMMAND';

export function startCommand({
  command,
  cwd = null,
  env = {},
  nodeArguments,
  cores,
  onLine,
}: CommandOptions): StartedCommand {
  const mark = randomUUID();
  const marked = `${markVariable}=${mark}`;
  const child = launch(command, {
    foreign: true,
    cores,
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: cwd ?? undefined,
    env: {
      ...process.env,
      ...(cwd !== null && { PATH: pathIn(cwd, process.env.PATH) }),
      ...env,
      NODE_OPTIONS: [env.NODE_OPTIONS ?? process.env.NODE_OPTIONS, ...nodeArguments.map(quoted)]
        .filter(Boolean)
        .join(' '),
      [markVariable]: mark,
    },
  });
  const exited = exitOf(child);
  const ended = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', () => resolve({ code: 127, signal: null }));
  });
  const lines: string[] = [];
  const stdout: string[] = [];
  const keep = (line: string) => {
    stdout.push(line);
    if (stdout.length > keptLines) stdout.shift();
    onLine?.(line);
  };
  keepLastLines(child.stdout!, keptLines, lines, keep);
  keepLastLines(child.stderr!, keptLines, lines, onLine);
  child.once('error', (error: NodeJS.ErrnoException) => lines.push(whyNotStarted(error, cwd)));
  let known: readonly Identity[] = identityOfChild(child);
  const processes = () => processesFrom(marked, known);
  let last: { atMs: number; all: readonly Relative[] } = { atMs: -Infinity, all: [] };
  function family() {
    const nowMs = performance.now();
    if (nowMs < last.atMs + searchEachMs) return familyOf(last.all);
    const all = processes();
    last = { atMs: nowMs, all };
    return all;
  }
  let stopping = false;
  const tooEarly = exited.then((exit): Promise<never> => {
    if (stopping) return new Promise(() => {});
    throw new Error(
      [`${commandInWords(command)} ended: ${describeExit(exit)}`, ...lines].join('\n  '),
    );
  });
  tooEarly.catch(() => {}); // reported where it is raced

  /**
   * Searches while the command still runs: a process without our variable can be found only through
   * its parent.
   */
  function beginStop() {
    stopping = true;
    const found = processes();
    known = [...known, ...found];
    supervise(found);
  }
  async function kill() {
    beginStop();
    endGroup(child, 'SIGKILL');
    endAll(processes, dieWithinMs);
    // If a process could not be ended, it may still hold these pipes open.
    child.stdout!.destroy();
    child.stderr!.destroy();
    await exited;
  }
  return {
    pid: child.pid,
    ended,
    exited,
    tooEarly,
    lastLines: () => [...lines],
    stdout,
    processes,
    family,
    terminate() {
      beginStop();
      child.kill('SIGTERM');
    },
    kill,
    async stop() {
      beginStop();
      endGroup(child, 'SIGTERM');
      await within(stopWithinMs, 'does not stop', exited).catch(() => {});
      await kill();
    },
  };
}

function whyNotStarted({ code, message }: NodeJS.ErrnoException, cwd: string | null): string {
  if (code !== 'ENOENT') return message;
  return cwd === null || existsSync(cwd) ? 'program not found' : `folder ${cwd} not found`;
}

/** Quotes an argument for NODE_OPTIONS, because paths can contain spaces. */
const quoted = (argument: string) => (/[\s"]/.test(argument) ? JSON.stringify(argument) : argument);

/**
 * Every process that we launch leads a process group. After it has ended, the system may reuse its
 * number for another group.
 */
function endGroup({ pid, exitCode, signalCode }: ChildProcess, signal: NodeJS.Signals) {
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // the process has just ended
  }
}
