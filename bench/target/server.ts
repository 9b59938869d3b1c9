/** A reference server as a process: started, waited for, stopped. */
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { launch } from './launch.ts';

const readyWithinMs = 15_000;
const stopWithinMs = 2_000;
const keptStderrLines = 20;

/** How a process ended: one of the two is set. */
export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface RunningServer {
  pid: number;
  /** Such as `http://127.0.0.1:41234`. */
  origin: string;
  /** The address of its inspector. */
  inspectorUrl: string;
  /** Resolves when it has ended, for whatever reason. */
  exited: Promise<Exit>;
  /** The last lines that it wrote to stderr, without those of the inspector. */
  stderrTail(): string[];
  /** Asks it to end, makes it end when it does not, and waits until it has. */
  stop(): Promise<Exit>;
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

/** One sentence on how a process ended. */
export function describeExit({ code, signal }: Exit): string {
  return signal ? `killed by ${signal}` : `exit code ${code}`;
}

const inspectorLine = /^(Debugger (listening|attached|ending)|For help, see: |Waiting for the debugger)/;

function collectStderr(child: ChildProcess) {
  const lines: string[] = [];
  const inspectorUrl = Promise.withResolvers<string>();
  createInterface({ input: child.stderr! }).on('line', (line) => {
    const url = /^Debugger listening on (ws:\S+)/.exec(line)?.[1];
    if (url) inspectorUrl.resolve(url);
    if (inspectorLine.test(line)) return;
    lines.push(line);
    if (lines.length > keptStderrLines) lines.shift();
  });
  return { lines, inspectorUrl: inspectorUrl.promise };
}

/**
 * Starts a server that keeps the contract of `servers/README.md`, on a free port of the loopback interface.
 *
 * @param file what Node runs
 * @throws ServerFailure where it does not say that it is ready
 */
export async function startServer(file: string, cores: readonly number[] | undefined): Promise<RunningServer> {
  const command = [process.execPath, '--inspect=127.0.0.1:0', file, '--port', '0', '--host', '127.0.0.1'] as const;
  const child = launch([...command], { cores, stdio: ['ignore', 'pipe', 'pipe'] });

  const exited = new Promise<Exit>((resolve) => {
    child.once('error', () => resolve({ code: 127, signal: null }));
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  const { lines, inspectorUrl } = collectStderr(child);
  const port = new Promise<string>((resolve) => {
    createInterface({ input: child.stdout! }).on('line', (line) => {
      const found = /running on port (\d+)/.exec(line)?.[1];
      if (found) resolve(found);
    });
  });

  const timeout = new AbortController();
  const readyInTime = await Promise.race([
    Promise.all([port, inspectorUrl]),
    exited,
    sleep(readyWithinMs, undefined, { signal: timeout.signal }).catch(() => undefined),
  ]);
  timeout.abort();
  if (!Array.isArray(readyInTime)) {
    child.kill('SIGKILL');
    const exit = readyInTime ?? undefined;
    const message = exit
      ? `did not start: ${describeExit(exit)}`
      : `did not say within ${readyWithinMs / 1000} s that it is ready`;
    await exited;
    throw new ServerFailure(message, exit, lines);
  }

  return {
    pid: child.pid!,
    origin: `http://127.0.0.1:${readyInTime[0]}`,
    inspectorUrl: readyInTime[1],
    exited,
    stderrTail: () => [...lines],
    async stop() {
      child.kill('SIGTERM');
      const giveUp = setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
      const exit = await exited;
      clearTimeout(giveUp);
      return exit;
    },
  };
}
