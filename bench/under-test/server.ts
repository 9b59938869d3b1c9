/** A reference server as a process: started, waited for, stopped. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { within } from '../system/deadline.ts';
import { exitOf, launch, type Exit } from '../system/launch.ts';
import { keepLastLines } from '../system/last-lines.ts';
import { sampleProcess } from '../system/process.ts';

const readyWithinMs = 15_000;
const stopWithinMs = 2_000;
/** Time for the news of a death to arrive, after the first sign of it. */
const dyingWithinMs = 300;
const keptLines = 20;
/** Node keeps one or two for itself, and can open nothing with them. */
const lastDescriptors = 2;

export interface RunningServer {
  /** Of its process, which is another after a restart; so is the inspector. */
  readonly pid: number;
  /** Such as `http://127.0.0.1:41234`. */
  origin: string;
  /** The address of its inspector. */
  readonly inspectorUrl: string;
  /** Resolves when it has ended, for whatever reason but a restart. */
  exited: Promise<Exit>;
  /** The last lines that it wrote to stderr, without those of the inspector. */
  stderrTail(): string[];
  /** Lets it end every stream, and go on. */
  endStreams(): void;
  /**
   * Ends its process and starts it anew, on the same port.
   *
   * @param how SIGTERM lets it end its streams, SIGKILL nothing
   * @throws ServerFailure where it does not come up again
   */
  restart(how: 'SIGTERM' | 'SIGKILL', signal: AbortSignal): Promise<void>;
  /**
   * Sends SIGTERM, gives it this much time to end, and kills it then.
   *
   * @param beforeKill called when the time is over, while its process is still there
   * @returns how that went; its end is no failure, whatever it is
   */
  shutDown(graceMs: number, beforeKill: () => void): Promise<ShutDown>;
  /** Asks it to end, makes it end when it does not, and waits until it has. */
  stop(): Promise<Exit>;
}

/** How a server ended that was told to. */
export interface ShutDown extends Exit {
  /** From the signal to the end of its process. */
  tookMs: number;
  /** Whether it had not ended when its time was over. */
  wasKilled: boolean;
  /** The last lines that it wrote to stdout. */
  stdout: string[];
}

/** A server that did not start, or that ended before it was told to. */
export class ServerFailure extends Error {
  readonly exit: Exit | undefined;
  readonly stderr: string[];

  constructor(message: string, exit: Exit | undefined, stderr: string[]) {
    super(message);
    this.exit = exit;
    this.stderr = stderr;
  }
}

/** Rejects when the server ends, which it was not told to. */
export async function unexpectedExit({ exited, stderrTail }: RunningServer): Promise<never> {
  const exit = await exited;
  throw new ServerFailure(`the server died: ${describeExit(exit)}`, exit, stderrTail());
}

/** Whatever failed first: where the server is dying, or can open nothing any more, that was the cause of it. */
export async function causeOf(error: Error, server: RunningServer): Promise<Error> {
  if (error instanceof ServerFailure) return error;
  const { open, limit } = sampleProcess(server.pid)?.descriptors ?? { open: 0, limit: null };
  if (limit !== null && open >= limit - lastDescriptors) {
    return new Error(
      `the server ran out of file descriptors (${open} of ${limit} are open); raise the limit (ulimit -n), or ask for fewer streams`,
    );
  }
  return within(dyingWithinMs, error.message, unexpectedExit(server)).catch(
    (cause: Error) => cause,
  );
}

/** One sentence on how a process ended. */
function describeExit({ code, signal }: Exit): string {
  return signal ? `killed by ${signal}` : `exit code ${code}`;
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
 * Starts a server that keeps the contract of `servers/README.md`, on a free port of the loopback interface.
 *
 * @param file what Node runs
 * @param signal gives up waiting for it
 * @throws ServerFailure where it does not say that it is ready
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
        throw new ServerFailure(
          `when it was to be started again, the server ${message}`,
          exit,
          stderr,
        );
      });
    },
    async shutDown(graceMs, beforeKill) {
      current.isToEnd = true;
      const { child, exited, stdout } = current;
      const ended = once(child, 'exit').then(() => performance.now());
      const toldAtMs = performance.now();
      child.kill('SIGTERM');
      let wasKilled = false;
      const endedAtMs = await within(graceMs, 'does not end', ended).catch(() => {
        wasKilled = true;
        beforeKill();
        child.kill('SIGKILL');
        return ended;
      });
      return { ...(await exited), tookMs: endedAtMs - toldAtMs, wasKilled, stdout };
    },
    async stop() {
      await starting.catch(() => {}); // of a restart
      return end(current, 'SIGTERM');
    },
  };
}

interface ServerProcess {
  child: ChildProcess;
  exited: Promise<Exit>;
  inspectorUrl: string;
  port: string;
  /** The last that it wrote to stderr, and to stdout. */
  lines: string[];
  stdout: string[];
  /** Its end is no surprise. */
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
    throw new Error(`did not start: ${describeExit(how)}`);
  });
  try {
    const late = `did not say within ${readyWithinMs / 1000} s that it is ready`;
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

/** Keeps the last lines, and resolves with the port of that with which a server says that it is ready. */
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
  return within(stopWithinMs, 'does not stop', exited).catch(() => {
    child.kill('SIGKILL');
    return exited;
  });
}
