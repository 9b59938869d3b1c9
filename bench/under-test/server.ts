/** The process of a reference server: starts it, waits for it, stops it. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { within } from '../system/deadline.ts';
import { exitOf, launch, type Exit } from '../system/launch.ts';
import { keepLastLines } from '../system/last-lines.ts';
import { livingAmong } from '../system/processes.ts';
import { watchTree } from '../system/process-tree.ts';
import { serverFile } from '../system/servers-package.ts';
import type { ServerProcess } from './measured-server.ts';
import { describeExit, ServerFailure } from './server-failure.ts';

const readyWithinMs = 15_000;
const stopWithinMs = 2_000;
const keptLines = 20;

/** The process of a reference server. */
export interface RunningServer extends ServerProcess {
  /** The process id. It changes on restart, as does the inspector's address. */
  readonly pid: number;
  /** The address of its inspector. */
  readonly inspectorUrl: string;
}

function collectStderr(child: ChildProcess) {
  const inspectorUrl = Promise.withResolvers<string>();
  const lines = keepLastLines(child.stderr!, keptLines, [], (line) => {
    const url = /^Debugger listening on (ws:\S+)/.exec(line)?.[1];
    if (url) inspectorUrl.resolve(url);
  });
  return { lines, inspectorUrl: inspectorUrl.promise };
}

/**
 * Starts a server that follows the contract in `servers/README.md`, on a free port of the loopback
 * interface.
 *
 * @param file the program for Node
 * @param signal stops waiting for it
 * @throws ServerFailure if the server does not report that it is ready
 */
export async function startServer(
  file: string,
  cores: readonly number[] | undefined,
  signal?: AbortSignal,
  nodeArguments: readonly string[] = [],
): Promise<RunningServer> {
  const nodeCommand = [
    process.execPath,
    '--inspect=127.0.0.1:0',
    ...nodeArguments,
    serverFile(file),
  ];
  const unexpected = Promise.withResolvers<Exit>();
  let starting: Promise<Started>;
  let current: Started;
  async function start(port: string, until?: AbortSignal) {
    starting = startProcess([...nodeCommand, '--port', port, '--host', '127.0.0.1'], cores, until);
    const started = (current = await starting);
    void started.exited.then(
      (exit) => current === started && !started.isToEnd && unexpected.resolve(exit),
    );
  }

  await start('0', signal);
  const { port } = current!;
  return {
    get pid() {
      return current.child.pid!;
    },
    origin: `http://127.0.0.1:${port}`,
    get inspectorUrl() {
      return current.inspectorUrl;
    },
    glance: watchTree(() => livingAmong([current.child.pid!])),
    exited: unexpected.promise,
    stderrTail: () => [...current.lines],
    endStreams: () => void current.child.kill('SIGUSR2'),
    async restart(how, until) {
      current.isToEnd = true;
      await end(current, how);
      until.throwIfAborted();
      await start(port, until).catch(({ message, exit, stderr }: ServerFailure) => {
        throw new ServerFailure(`restart failed: ${message}`, exit, stderr);
      });
    },
    async shutDown(graceMs, beforeKill) {
      current.isToEnd = true;
      const { child, exited, stdout } = current;
      const ended = once(child, 'exit').then(() => performance.now());
      const toldAtMs = performance.now();
      child.kill('SIGTERM');
      let wasKilled = false;
      const endedAtMs = await within(graceMs, 'did not end in time', ended).catch(() => {
        wasKilled = true;
        beforeKill();
        child.kill('SIGKILL');
        return ended;
      });
      return { ...(await exited), tookMs: endedAtMs - toldAtMs, wasKilled, stdout };
    },
    async stop() {
      await starting.catch(() => {}); // a restart may be in progress
      await end(current, 'SIGTERM');
    },
  };
}

interface Started {
  child: ChildProcess;
  exited: Promise<Exit>;
  inspectorUrl: string;
  port: string;
  /** The last lines of stderr and of stdout. */
  lines: string[];
  stdout: string[];
  /** Whether its end is expected. */
  isToEnd: boolean;
}

async function startProcess(
  command: readonly string[],
  cores: readonly number[] | undefined,
  signal?: AbortSignal,
): Promise<Started> {
  const child = launch(command as [string, ...string[]], {
    cores,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = exitOf(child);
  const { lines, inspectorUrl } = collectStderr(child);

  let exit: Exit | undefined;
  const ended = exited.then((how) => {
    exit = how;
    throw new Error(`the server did not start: ${describeExit(how)}`);
  });
  try {
    const late = `the server did not report that it is ready within ${readyWithinMs / 1000} s`;
    const { stdout, listening } = collectStdout(child);
    const ready = Promise.all([listening, inspectorUrl]);
    const [port, inspector] = await within(
      readyWithinMs,
      late,
      Promise.race([ready, ended]),
      signal,
    );
    return { child, exited, inspectorUrl: inspector, port, lines, stdout, isToEnd: false };
  } catch (error) {
    child.kill('SIGKILL');
    await exited;
    throw new ServerFailure((error as Error).message, exit, lines);
  }
}

/** Keeps the last lines, and resolves with the port in the line that reports readiness. */
function collectStdout(child: ChildProcess): { stdout: string[]; listening: Promise<string> } {
  const { promise: listening, resolve } = Promise.withResolvers<string>();
  const stdout = keepLastLines(child.stdout!, keptLines, [], (line) => {
    const port = /running on port (\d+)/.exec(line)?.[1];
    if (port) resolve(port);
  });
  return { stdout, listening };
}

async function end({ child, exited }: Started, how: 'SIGTERM' | 'SIGKILL'): Promise<Exit> {
  child.kill(how);
  return within(stopWithinMs, 'did not stop in time', exited).catch(() => {
    child.kill('SIGKILL');
    return exited;
  });
}
