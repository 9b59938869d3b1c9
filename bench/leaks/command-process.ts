/** A command that somebody gave us, as a process: started, watched, ended with all that it started. */
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { within } from '../system/deadline.ts';
import { exitOf, identityOfChild, launch, supervise } from '../system/launch.ts';
import { keepLastLines } from '../system/last-lines.ts';
import { commandInWords } from '../scenario/command-secrets.ts';
import { endAll, processesFrom } from '../system/processes.ts';

export interface StartedCommand {
  /** Rejects when the command ends, which it was not told to; with what it said last. */
  tooEarly: Promise<never>;
  /** What it said last. */
  lastLines(): readonly string[];
  /** Asks it to end, and makes it end when it does not; also what it has started. */
  stop(): Promise<void>;
}

const stopWithinMs = 2_000;
/** For the last of them to die, once they are killed. */
const dieWithinMs = 1_000;
const keptLines = 10;
/** Is inherited, so that also those are known who have left the group, as by `setsid`. */
const markVariable = 'SSEBENCH_COMMAND';
/**
 * @param nodeArguments for every Node process that it starts
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
    lines.push(code === 'ENOENT' ? 'there is no such program' : message),
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
  tooEarly.catch(() => {}); // told of where it is raced against
  return {
    tooEarly,
    lastLines: () => [...lines],
    async stop() {
      stopping = true;
      // Looked for while it lives: a process that has dropped its environment is found by its parent only.
      const before = processesFrom(marked, root);
      supervise(before);
      endGroup(child, 'SIGTERM');
      await within(stopWithinMs, 'does not stop', exited).catch(() => {});
      endGroup(child, 'SIGKILL');
      endAll(() => processesFrom(marked, before), dieWithinMs);
      // A process that could not be ended may hold these open.
      child.stdout!.destroy();
      child.stderr!.destroy();
      await exited;
    },
  };
}

/** As NODE_OPTIONS wants it: a path may have blanks. */
const quoted = (argument: string) => (/[\s"]/.test(argument) ? JSON.stringify(argument) : argument);

/** Every process that we launch leads a group. Once it has ended, the number of the group may be another's. */
function endGroup({ pid, exitCode, signalCode }: ChildProcess, signal: NodeJS.Signals) {
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // it has just ended
  }
}
