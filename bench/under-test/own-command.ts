/** The process of a user's server that a command starts. */
import {
  createLifelines,
  keyVariable,
  lifelineArguments,
  type Lifelines,
} from '../inspector/lifelines.ts';
import type { OwnProcess } from '../scenario/scenario.ts';
import { within } from '../system/deadline.ts';
import type { Exit } from '../system/launch.ts';
import { watchTree } from '../system/process-tree.ts';
import { startCommand, type StartedCommand } from './command-process.ts';
import type { Endpoint } from './endpoint.ts';
import type { ServerProcess } from './measured-server.ts';
import type { OwnServerProcess } from './own-process.ts';
import { isFree, untilReady, watchOutput } from './ready.ts';
import { describeExit, ServerFailure } from './server-failure.ts';

type Command = Extract<OwnProcess, { kind: 'command' }>;

interface Current {
  started: StartedCommand;
  /** Whether its end is expected. */
  isToEnd: boolean;
}

/**
 * Starts the command, and waits until it is ready.
 *
 * @param origin of its URL
 * @throws ServerFailure if it does not become ready
 */
export async function startOwnCommand(
  command: Command,
  origin: string,
  endpoint: Endpoint,
  cores: readonly number[] | undefined,
  signal: AbortSignal,
): Promise<OwnServerProcess> {
  const lifelines = await createLifelines();
  const unexpected = Promise.withResolvers<Exit>();
  let starting: Promise<Current> | undefined;
  let current: Current | undefined;

  async function start(until: AbortSignal) {
    starting = startWhenFree(command, endpoint, lifelines, cores, until);
    const now = (current = await starting);
    void now.started.exited.then(
      (exit) => current === now && !now.isToEnd && unexpected.resolve(exit),
    );
  }
  async function stop() {
    await starting?.catch(() => {}); // a restart may be in progress
    if (current) current.isToEnd = true;
    await current?.started.stop();
    await endpoint.clear();
    lifelines.close();
  }
  const started = () => current!.started;

  try {
    await start(signal);
  } catch (error) {
    lifelines.close();
    throw error;
  }
  return {
    get pid() {
      return started().pid!;
    },
    origin,
    processes: () => started().processes(),
    lifelines,
    glance: watchTree(() => started().family()),
    exited: unexpected.promise,
    stderrTail: () => [...started().lastLines()],
    endStreams() {
      throw new Error('only a reference server can end its streams and continue');
    },
    async restart(how, until) {
      current!.isToEnd = true;
      await (how === 'SIGTERM' ? started().stop() : started().kill());
      await endpoint.clear();
      until.throwIfAborted();
      await start(until).catch((error: Error) => {
        const { exit, stderr } =
          error instanceof ServerFailure ? error : { exit: undefined, stderr: [] };
        throw new ServerFailure(`restart failed: ${error.message}`, exit, stderr);
      });
    },
    shutDown(graceMs, beforeKill) {
      current!.isToEnd = true;
      return shutDown(started(), graceMs, beforeKill);
    },
    stop,
  };
}

async function startWhenFree(
  command: Command,
  endpoint: Endpoint,
  lifelines: Lifelines,
  cores: readonly number[] | undefined,
  signal: AbortSignal,
): Promise<Current> {
  await isFree(endpoint, signal);
  const { onLine, printed } = watchOutput(command.readyWhen);
  const started = startCommand({
    command: command.command,
    cwd: command.cwd,
    env: { ...command.env, [keyVariable]: lifelines.key },
    nodeArguments: lifelineArguments,
    cores,
    onLine,
  });
  let exit: Exit | undefined;
  const ended = started.exited.then((how) => {
    exit = how;
    throw new Error(`the server did not start: ${describeExit(how)}`);
  });
  const waiting = new AbortController();
  const until = AbortSignal.any([signal, waiting.signal]);
  try {
    await Promise.race([untilReady(endpoint, command, printed, until), ended]);
    return { started, isToEnd: false };
  } catch (error) {
    waiting.abort();
    await started.stop();
    throw new ServerFailure((error as Error).message, exit, [...started.lastLines()]);
  }
}

/** The descendants of the command's own process get no signal before the grace period is over. */
async function shutDown(
  started: StartedCommand,
  graceMs: number,
  beforeKill: () => void,
): ReturnType<ServerProcess['shutDown']> {
  const ended = started.ended.then(() => performance.now());
  const toldAtMs = performance.now();
  started.terminate();
  let wasKilled = false;
  const endedAtMs = await within(graceMs, 'did not end in time', ended).catch(async () => {
    wasKilled = true;
    beforeKill();
    await started.kill();
    return ended;
  });
  return {
    ...(await started.ended),
    tookMs: endedAtMs - toldAtMs,
    wasKilled,
    outputs: [started.stdout],
  };
}
