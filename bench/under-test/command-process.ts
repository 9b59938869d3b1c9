/**
 * Runs the user's command as a process, and ends it together with all processes that it started.
 */
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { within } from '../system/deadline.ts';
import { exitOf, identityOfChild, launch, supervise } from '../system/launch.ts';
import { keepLastLines } from '../system/last-lines.ts';
import { commandInWords } from '../scenario/command-secrets.ts';
import { endAll, processesFrom } from '../system/processes.ts';

export interface StartedCommand {
  /** Rejects with the last output if the command ends before `stop` is called. */
  tooEarly: Promise<never>;
  /** The last lines of its output. */
  lastLines(): readonly string[];
  /**
   * Sends SIGTERM, then SIGKILL if it does not end in time; also to the processes that it has
   * started.
   */
  stop(): Promise<void>;
}

const stopWithinMs = 2_000;
/** Time for all processes to end after SIGKILL. */
const dieWithinMs = 1_000;
const keptLines = 10;
/**
 * Child processes inherit this variable. It identifies them even if they have left the process
 * group, as with `setsid`.
 */
const markVariable = 'SSEBENCH_COMMAND';
/**
 * @param nodeArguments for every Node process that the command starts
 * @param variables added to its environment
 */
export function startCommand(
  command: readonly [string, ...string[]],
  nodeArguments: readonly string[],
  variables: NodeJS.ProcessEnv,
): StartedCommand {
  const mark = randomUUID();
  const marked = `${markVariable}=${mark}`;
  const nodeOptions = [process.env.NODE_OPTIONS, ...nodeArguments.map(quoted)]
    .filter(Boolean)
    .join(' ');
  const env = { ...process.env, ...variables, NODE_OPTIONS: nodeOptions, [markVariable]: mark };
  const child = launch(command, {
    foreign: true,
    cores: undefined,
    stdio: ['ignore', 'pipe', 'pipe'],
    env,
  });
  const exited = exitOf(child);
  const lines = keepLastLines(child.stdout!, keptLines);
  keepLastLines(child.stderr!, keptLines, lines);
  child.once('error', ({ code, message }: NodeJS.ErrnoException) =>
    lines.push(code === 'ENOENT' ? 'program not found' : message),
  );
  const root = identityOfChild(child);
  let stopping = false;
  const tooEarly = exited.then(({ code, signal }): Promise<never> => {
    if (stopping) return new Promise(() => {});
    throw new Error(
      [
        `${commandInWords(command)} ended: ${signal ? `killed by ${signal}` : `exit code ${code}`}`,
        ...lines,
      ].join('\n  '),
    );
  });
  tooEarly.catch(() => {}); // reported where it is raced
  return {
    tooEarly,
    lastLines: () => [...lines],
    async stop() {
      stopping = true;
      // Search while the command still runs: a process without our variable can be found only
      // through its parent.
      const before = processesFrom(marked, root);
      supervise(before);
      endGroup(child, 'SIGTERM');
      await within(stopWithinMs, 'does not stop', exited).catch(() => {});
      endGroup(child, 'SIGKILL');
      endAll(() => processesFrom(marked, before), dieWithinMs);
      // If a process could not be ended, it may still hold these pipes open.
      child.stdout!.destroy();
      child.stderr!.destroy();
      await exited;
    },
  };
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
