/** The process of a reference server: starts it, waits for it, stops it. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { within } from '../system/deadline.ts';
import { exitOf, launch, type Exit } from '../system/launch.ts';
import { keepLastLines } from '../system/last-lines.ts';
import { describeExit, ServerFailure, type FallibleServer } from './server-failure.ts';

const readyWithinMs = 15_000;
const stopWithinMs = 2_000;
const keptLines = 20;

export interface RunningServer extends FallibleServer {
  /** For example `http://127.0.0.1:41234`. */
  origin: string;
  /** The address of its inspector. */
  readonly inspectorUrl: string;
  /** Tells the server to end all streams and to continue. */
  endStreams(): void;
  /**
   * Ends the process and starts it again on the same port.
   *
   * @param how SIGTERM lets the server end its streams, SIGKILL does not
   * @throws ServerFailure if it does not start again
   */
  restart(how: 'SIGTERM' | 'SIGKILL', signal: AbortSignal): Promise<void>;
  /**
   * Sends SIGTERM, and kills the process if it has not ended after `graceMs`.
   *
   * @param beforeKill called when the time is over, while the process still exists
   * @returns how it ended; no kind of end counts as a failure
   */
  shutDown(graceMs: number, beforeKill: () => void): Promise<ShutDown>;
  /** Stops the process with SIGTERM, kills it if necessary, and waits until it has ended. */
  stop(): Promise<Exit>;
}

/** How a server ended after SIGTERM. */
export interface ShutDown extends Exit {
  /** From the signal to the end of its process, in milliseconds. */
  tookMs: number;
  /** Whether ssebench killed it because its time was over. */
  wasKilled: boolean;
  /** The last lines written to stdout. */
  stdout: string[];
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
  const nodeCommand = [process.execPath, '--inspect=127.0.0.1:0', ...nodeArguments, file];
  const unexpected = Promise.withResolvers<Exit>();
  let starting: Promise<ServerProcess>;
  let current: ServerProcess;
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
      return end(current, 'SIGTERM');
    },
  };
}

interface ServerProcess {
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
): Promise<ServerProcess> {
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

async function end({ child, exited }: ServerProcess, how: 'SIGTERM' | 'SIGKILL'): Promise<Exit> {
  child.kill(how);
  return within(stopWithinMs, 'did not stop in time', exited).catch(() => {
    child.kill('SIGKILL');
    return exited;
  });
}
