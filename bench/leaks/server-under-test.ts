/** A server under test: the URL of its stream, and the inspection of what it holds. */
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openInspector, ownInspector } from '../inspector/inspect.ts';
import { createLifelines, keyVariable, lifelineArguments } from '../inspector/lifelines.ts';
import { startServer } from '../under-test/server.ts';
import { isAlive } from '../system/processes.ts';
import { processesOn } from '../system/sockets.ts';
import { poll } from '../system/time.ts';
import { startCommand } from './command-process.ts';
import type { InspectionKind } from '../result/leak-result.ts';
import { inspectServer, whyNoCluster } from './inspection/cluster.ts';
import {
  inspectFromOutside,
  inspectFromInside,
  inspectProcess,
  type Inspection,
} from './inspection/inspection.ts';
import type { DisconnectMode } from '../scenario/disconnect-modes.ts';

/** Identifies the server to check. Plain data, so that it can be sent to another process. */
export type ServerSpec =
  /** A server that follows the contract of `servers/README.md`. */
  | { kind: 'reference'; file: string; waitsForDrain: boolean }
  /**
   * Any server that a command starts. ssebench inspects the process that listens on the URL's port.
   */
  | { kind: 'command'; command: readonly [string, ...string[]]; url: string; readyWithinMs: number }
  /** A running process. The check leaves it running and closes its inspector. */
  | { kind: 'process'; pid: number; url: string }
  /** A server in this process. */
  | { kind: 'own'; url: string };

export interface CheckedServer {
  /**
   * URL of the stream. For clients that do not read, the URL of a stream that fills their buffers.
   */
  urlFor(mode: DisconnectMode): string;
  inspection: Inspection;
  /** Ends the inspection, and the server if we started it. */
  stop(): Promise<void>;
  /**
   * Rejects with the last output when the server ends by itself. Never settles if that cannot be
   * observed.
   */
  ended: Promise<never>;
  /**
   * @returns an error if one of the server's processes has ended, even if the command that started
   * it still runs
   */
  whyEnded(): Error | undefined;
}

export interface StartOptions {
  signal: AbortSignal;
  /** Whether to trace timers to their creation. */
  trace: boolean;
  /** The kind of inspection given explicitly; `undefined` selects the strongest available. */
  inspection: InspectionKind | undefined;
}

/**
 * Whether ssebench can restart the server, also with the probe that traces timers to their
 * creation.
 */
export const startsAgain = ({ kind }: ServerSpec): boolean =>
  kind === 'reference' || kind === 'command';

/** The server did not start or could not be inspected, so there is no verdict. */
export class NotUp extends Error {}

/** @throws NotUp with a reason for the user */
export async function startCheckedServer(
  spec: ServerSpec,
  options: StartOptions,
): Promise<CheckedServer> {
  try {
    if (process.platform !== 'linux' && ['command', 'process'].includes(spec.kind)) {
      throw new Error(
        'a server given by its command or process id can be checked only on Linux. Reference servers, and servers in the process of a test, can be checked on any system',
      );
    }
    return await start(spec, options);
  } catch (error) {
    throw new NotUp((error as Error).message);
  }
}

function start(spec: ServerSpec, options: StartOptions): Promise<CheckedServer> {
  switch (spec.kind) {
    case 'reference':
      return startReference(spec, options);
    case 'command':
      return startCommanded(spec, options);
    case 'process':
      return startRunning(spec, options);
    case 'own':
      return startOwn(spec);
  }
}

/** Arguments that make Node record who created each timer. */
const probeArguments = [
  '--require',
  fileURLToPath(new URL('../inspector/probe/probe.cjs', import.meta.url)),
];
/**
 * A short interval, so that clients do not wait long for events. From outside it is longer, because
 * timers must stay distinguishable.
 */
const intervalMs = { inside: 50, outside: 250 };
/**
 * For clients that do not read: unlimited rate. A server without backpressure gets a limited rate
 * that soon fills the buffers.
 */
const floodQuery = (waitsForDrain: boolean) => `interval=${waitsForDrain ? 0 : 1}&bytes=4096`;
const connectPollMs = 50;
/** How long a port can stay in use after its server was ended. */
const portFreeWithinMs = 2_000;
const never = new Promise<never>(() => {});
/** How much later than the loss of its connections the end of a process can be noticed. */
const endsWithinMs = 500;

type SpecOf<Kind> = Extract<ServerSpec, { kind: Kind }>;

async function startReference(
  { file, waitsForDrain }: SpecOf<'reference'>,
  { signal, trace, inspection: given }: StartOptions,
): Promise<CheckedServer> {
  const server = await startServer(file, undefined, signal, trace ? probeArguments : []);
  const inspection =
    given === 'outside'
      ? inspectFromOutside(server.pid, '')
      : inspectFromInside(await openInspector(server.inspectorUrl), server.pid, trace);
  return {
    urlFor: ({ when }) =>
      `${server.origin}/event?${when === 'when blocked' ? floodQuery(waitsForDrain) : `interval=${intervalMs[inspection.kind === 'outside' ? 'outside' : 'inside']}`}`,
    inspection,
    stop: () => inspection.end().finally(() => server.stop()),
    ended: never,
    whyEnded: () => undefined,
  };
}

async function startCommanded(
  { command, url, readyWithinMs }: SpecOf<'command'>,
  { signal, trace, inspection: given }: StartOptions,
): Promise<CheckedServer> {
  const serverPort = portOf(url);
  await portIsFree(serverPort, signal);
  const lifelines = given === 'outside' ? undefined : await createLifelines();
  const nodeArguments = [...(lifelines ? lifelineArguments : []), ...(trace ? probeArguments : [])];
  const started = startCommand(
    command,
    nodeArguments,
    lifelines ? { [keyVariable]: lifelines.key } : {},
  );
  const stop = () => started.stop().finally(() => lifelines?.close());
  const waiting = new AbortController();
  const until = AbortSignal.any([signal, waiting.signal]);
  let pids: number[] = [];
  const whyEnded = () => endOf(pids, started.lastLines());
  const inspect = async () => {
    pids = await listening(serverPort, readyWithinMs, until);
    return inspectServer(pids, { given, traced: trace, serverPort, lifelines, signal: until });
  };
  try {
    const inspection = await Promise.race([inspect(), started.tooEarly]);
    return {
      urlFor: () => url,
      inspection,
      stop: () => inspection.end().finally(stop),
      ended: started.tooEarly,
      whyEnded,
    };
  } catch (error) {
    const cause = await howItEnded(error as Error, { ended: started.tooEarly, whyEnded });
    await stop();
    throw pids.length === 0 && cause === error ? withOutput(cause, started.lastLines()) : cause;
  } finally {
    waiting.abort();
  }
}

/** The last output of a command explains why it does not listen, or why its server has ended. */
const withOutput = ({ message }: Error, lines: readonly string[]) =>
  new Error([message, ...(lines.length > 0 ? ['last output:', ...lines] : [])].join('\n  '));

function endOf(pids: readonly number[], lines: readonly string[]): Error | undefined {
  const pid = pids.find((each) => !isAlive(each));
  return pid === undefined
    ? undefined
    : withOutput(new Error(`process ${pid} of the server ended during the check`), lines);
}

async function startRunning(
  { pid, url }: SpecOf<'process'>,
  { inspection: given, signal }: StartOptions,
): Promise<CheckedServer> {
  const refusal = given === 'outside' ? undefined : whyNoCluster(pid);
  if (refusal !== undefined) throw new Error(refusal);
  const inspection = await inspectProcess(pid, {
    given,
    traced: false,
    serverPort: portOf(url),
    lifelines: undefined,
    signal,
  });
  return {
    urlFor: () => url,
    inspection,
    stop: inspection.end,
    ended: never,
    whyEnded: () => endOf([pid], []),
  };
}

async function startOwn({ url }: SpecOf<'own'>): Promise<CheckedServer> {
  const pids = processesOn(portOf(url));
  if (process.platform === 'linux' && !pids.includes(process.pid)) {
    throw new Error(
      `this process does not listen on port ${portOf(url)}; start the server first, or give its command or pid`,
    );
  }
  const whole = inspectFromInside(ownInspector(), process.pid, false);
  // The pipes to ssebench's child processes are descriptors of this process too. They come and go,
  // so descriptors are not counted.
  const inspection: Inspection = {
    ...whole,
    take: async () => (await whole.take()).filter(({ kind }) => kind !== 'descriptor'),
  };
  return {
    urlFor: () => url,
    inspection,
    stop: inspection.end,
    ended: never,
    whyEnded: () => undefined,
  };
}

/**
 * The end of a server shows in several errors. The way its process ended is the most informative
 * one. Ends the inspection first, because Node does not exit while an inspector is connected.
 *
 * @param signal if it is aborted, the abort itself is the cause
 */
export async function causeOf(
  thrown: Error,
  server: CheckedServer,
  signal: AbortSignal,
): Promise<Error> {
  await server.inspection.end();
  return signal.aborted ? thrown : howItEnded(thrown, server);
}

async function howItEnded(
  thrown: Error,
  { ended, whyEnded }: Pick<CheckedServer, 'ended' | 'whyEnded'>,
): Promise<Error> {
  const cause = await Promise.race([ended.catch((error: Error) => error), sleep(endsWithinMs)]);
  return cause ?? whyEnded() ?? thrown;
}

/**
 * If another process already listened on the port, it would be mistaken for the server that the
 * command starts.
 */
async function portIsFree(port: number, signal: AbortSignal) {
  const [pid] = await poll(
    () => processesOn(port),
    ({ length }) => length === 0,
    { eachMs: connectPollMs, withinMs: portFreeWithinMs, signal },
  );
  if (pid !== undefined)
    throw new Error(
      `port ${port} is in use by process ${pid}; end that process, or check it with --pid ${pid} instead of a command`,
    );
}

/** @returns the processes that listen on the port, as soon as there are any */
async function listening(port: number, withinMs: number, signal: AbortSignal): Promise<number[]> {
  const pids = await poll(
    () => processesOn(port),
    ({ length }) => length > 0,
    { eachMs: connectPollMs, withinMs, signal },
  );
  if (pids.length > 0) return pids;
  throw new Error(
    `the command does not listen on port ${port} after ${withinMs / 1000} s; check the port in --url, or allow more time with --ready-within`,
  );
}

export function portOf(url: string): number {
  const { port, protocol } = new URL(url);
  return Number(port || (protocol === 'https:' ? 443 : 80));
}
