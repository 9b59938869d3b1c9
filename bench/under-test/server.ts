/**
 * A reference server: starts its processes, waits for them, stops them. Several processes listen on
 * one port, and the system spreads the connections over them.
 */
import { once } from 'node:events';
import { within } from '../system/deadline.ts';
import { livingAmong } from '../system/processes.ts';
import { watchTree } from '../system/process-tree.ts';
import { serverFile } from '../system/servers-package.ts';
import type { ServerProcess } from './measured-server.ts';
import { ServerFailure, type UnexpectedEnd } from './server-failure.ts';
import { endServerChild, startServerChild, type ServerChild } from './server-process.ts';

/** For each process: they share the cores of the server, and start at the same time. */
const readyWithinMs = 15_000;

/** The processes of a reference server. */
export interface RunningServer extends ServerProcess {
  /** The id of its first process. It changes on restart, as do the inspectors' addresses. */
  readonly pid: number;
  readonly pids: readonly number[];
  /** The address of the inspector of its first process. */
  readonly inspectorUrl: string;
  readonly inspectorUrls: readonly string[];
}

export interface ServerStart {
  /** Stops waiting for the server. */
  signal?: AbortSignal | undefined;
  nodeArguments?: readonly string[];
  /** How many processes it has. More than one needs Linux. */
  processes?: number;
}

/**
 * Starts a server that follows the contract in `servers/README.md`, on a free port of the loopback
 * interface.
 *
 * @param file the program for Node
 * @throws ServerFailure if the server does not report that it is ready
 */
export async function startServer(
  file: string,
  cores: readonly number[] | undefined,
  { signal, nodeArguments = [], processes = 1 }: ServerStart = {},
): Promise<RunningServer> {
  const command = [
    process.execPath,
    '--inspect=127.0.0.1:0',
    ...nodeArguments,
    serverFile(file),
    ...(processes > 1 ? ['--reuse-port'] : []),
  ];
  const unexpected = Promise.withResolvers<UnexpectedEnd>();
  let starting: Promise<ServerChild[]>;
  let current: ServerChild[] = [];

  function startOne(port: string, until?: AbortSignal) {
    const complete = [...command, '--port', port, '--host', '127.0.0.1'];
    return startServerChild(complete as [string], cores, readyWithinMs * processes, until);
  }
  async function startAll(port: string, until?: AbortSignal): Promise<ServerChild[]> {
    const first = await startOne(port, until);
    const others = await Promise.allSettled(
      Array.from({ length: processes - 1 }, () => startOne(first.port, until)),
    );
    const started = [
      first,
      ...others.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])),
    ];
    const failed = others.find((one) => one.status === 'rejected');
    if (failed === undefined) return started;
    await Promise.all(started.map((one) => endServerChild(one, 'SIGKILL')));
    throw failed.reason;
  }
  async function start(port: string, until?: AbortSignal) {
    starting = startAll(port, until);
    const all = (current = await starting);
    for (const [index, one] of all.entries()) void watch(one, index, all);
  }
  async function watch(one: ServerChild, index: number, all: readonly ServerChild[]) {
    const exit = await one.exited;
    const which = processes > 1 ? `process ${index + 1} of ${processes} of the server` : '';
    if (current === all && !one.isToEnd) unexpected.resolve({ ...exit, which });
  }
  function expectEnd() {
    for (const one of current) one.isToEnd = true;
    return current;
  }

  await start('0', signal);
  const { port } = current[0]!;
  return {
    get pid() {
      return current[0]!.child.pid!;
    },
    get pids() {
      return current.map(({ child }) => child.pid!);
    },
    origin: `http://127.0.0.1:${port}`,
    get inspectorUrl() {
      return current[0]!.inspectorUrl;
    },
    get inspectorUrls() {
      return current.map(({ inspectorUrl }) => inspectorUrl);
    },
    glance: watchTree(() => livingAmong(current.map(({ child }) => child.pid!))),
    exited: unexpected.promise,
    stderrTail: () => current.flatMap(({ lines }) => lines),
    endStreams() {
      for (const { child } of current) child.kill('SIGUSR2');
    },
    async restart(how, until) {
      await Promise.all(expectEnd().map((one) => endServerChild(one, how)));
      until.throwIfAborted();
      await start(port, until).catch(({ message, exit, stderr }: ServerFailure) => {
        throw new ServerFailure(`restart failed: ${message}`, exit, stderr);
      });
    },
    shutDown: (graceMs, beforeKill) => shutDown(expectEnd(), graceMs, beforeKill),
    async stop() {
      await starting.catch(() => {}); // a restart may be in progress
      await Promise.all(expectEnd().map((one) => endServerChild(one, 'SIGTERM')));
    },
  };
}

/** @returns the time until the last process has ended, and the first exit that is not a success */
async function shutDown(
  all: readonly ServerChild[],
  graceMs: number,
  beforeKill: () => void,
): ReturnType<ServerProcess['shutDown']> {
  const ended = Promise.all(all.map(({ child }) => once(child, 'exit'))).then(() =>
    performance.now(),
  );
  const toldAtMs = performance.now();
  for (const { child } of all) child.kill('SIGTERM');
  let wasKilled = false;
  const endedAtMs = await within(graceMs, 'did not end in time', ended).catch(() => {
    wasKilled = true;
    beforeKill();
    for (const { child } of all) child.kill('SIGKILL');
    return ended;
  });
  const exits = await Promise.all(all.map(({ exited }) => exited));
  return {
    ...(exits.find(({ code }) => code !== 0) ?? exits[0]!),
    tookMs: endedAtMs - toldAtMs,
    wasKilled,
    outputs: all.map(({ stdout }) => stdout),
  };
}
