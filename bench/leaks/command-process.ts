/** A command that somebody gave us, as a process: started, watched, ended with all that it started. */
import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { within } from '../deadline.ts';
import { exitOf, launch } from '../launch.ts';
import { descendantsOf, processesWith } from '../target/processes.ts';

export interface StartedCommand {
  /** Rejects when the command ends, which it was not told to; with what it said last. */
  tooEarly: Promise<never>;
  /** Asks it to end, and makes it end when it does not; also what it has started. */
  stop(): Promise<void>;
}

const stopWithinMs = 2_000;
const keptLines = 10;
/** Is inherited, so that also those are known who have left the group, as by `setsid`. */
const markVariable = 'SSEBENCH_COMMAND';
/** What Node says because of us. */
const ofInspector = /^(Debugger (listening|attached|ending)|For help, see: https:\/\/nodejs\.org\/|Waiting for the debugger)/;
/** Opens no inspector: says which port to take when it is asked for, any free one. */
const inspectorOption = '--inspect-port=127.0.0.1:0';

export function startCommand(command: readonly [string, ...string[]], nodeArguments: readonly string[]): StartedCommand {
  const mark = randomUUID();
  const nodeOptions = [process.env.NODE_OPTIONS, inspectorOption, ...nodeArguments.map(quoted)].filter(Boolean).join(' ');
  const child = launch(command, { cores: undefined, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NODE_OPTIONS: nodeOptions, [markVariable]: mark } });
  const exited = exitOf(child);
  const lines: string[] = [];
  for (const stream of [child.stdout!, child.stderr!]) {
    createInterface({ input: stream }).on('line', (line) => {
      if (ofInspector.test(line)) return;
      lines.push(line);
      if (lines.length > keptLines) lines.shift();
    });
  }
  let stopping = false;
  const tooEarly = exited.then(({ code, signal }): Promise<never> => {
    if (stopping) return new Promise(() => {});
    throw new Error([`${command.join(' ')} ended: ${signal ? `killed by ${signal}` : `exit code ${code}`}`, ...lines].join('\n  '));
  });
  tooEarly.catch(() => {}); // told of where it is raced against
  return {
    tooEarly,
    async stop() {
      stopping = true;
      const descendants = child.pid === undefined ? [] : descendantsOf(child.pid);
      endGroup(child.pid, 'SIGTERM');
      await within(stopWithinMs, 'does not stop', exited).catch(() => {});
      endGroup(child.pid, 'SIGKILL'); // what a shell or npm had started, and left
      for (const { pid } of [...descendants, ...processesWith(`${markVariable}=${mark}`)]) end(pid, 'SIGKILL');
      // Whoever has come out of all that may hold these open.
      child.stdout!.destroy();
      child.stderr!.destroy();
      await exited;
    },
  };
}

/** As NODE_OPTIONS wants it: a path may have blanks. */
const quoted = (argument: string) => (/[\s"]/.test(argument) ? JSON.stringify(argument) : argument);

/** Every process that we launch leads a group of its own. */
const endGroup = (pid: number | undefined, signal: NodeJS.Signals) => pid !== undefined && end(-pid, signal);

function end(pid: number, signal: NodeJS.Signals) {
  try {
    process.kill(pid, signal);
  } catch {
    // nobody is left
  }
}
