/** One process of a reference server: starts it, waits until it listens, ends it. */
import type { ChildProcess } from 'node:child_process';
import { within } from '../system/deadline.ts';
import { exitOf, launch, type Exit } from '../system/launch.ts';
import { keepLastLines } from '../system/last-lines.ts';
import { describeExit, ServerFailure } from './server-failure.ts';

const stopWithinMs = 2_000;
const keptLines = 20;

/** A process of a reference server that listens. */
export interface ServerChild {
  child: ChildProcess;
  exited: Promise<Exit>;
  /** The address of its inspector. */
  inspectorUrl: string;
  port: string;
  /** The last lines of stderr and of stdout. */
  lines: string[];
  stdout: string[];
  /** Whether its end is expected. */
  isToEnd: boolean;
}

function collectStderr(child: ChildProcess) {
  const inspectorUrl = Promise.withResolvers<string>();
  const lines = keepLastLines(child.stderr!, keptLines, [], (line) => {
    const url = /^Debugger listening on (ws:\S+)/.exec(line)?.[1];
    if (url) inspectorUrl.resolve(url);
  });
  return { lines, inspectorUrl: inspectorUrl.promise };
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

/**
 * @param readyWithinMs how long it may take to listen and to open its inspector
 * @param signal stops waiting for it
 * @throws ServerFailure if it does not report in time that it is ready
 */
export async function startServerChild(
  command: readonly [string, ...string[]],
  cores: readonly number[] | undefined,
  readyWithinMs: number,
  signal?: AbortSignal,
): Promise<ServerChild> {
  const child = launch(command, { cores, stdio: ['ignore', 'pipe', 'pipe'] });
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

/** Sends the signal, and SIGKILL if the process does not end in time. */
export async function endServerChild(
  { child, exited }: ServerChild,
  how: 'SIGTERM' | 'SIGKILL',
): Promise<Exit> {
  child.kill(how);
  return within(stopWithinMs, 'did not stop in time', exited).catch(() => {
    child.kill('SIGKILL');
    return exited;
  });
}
