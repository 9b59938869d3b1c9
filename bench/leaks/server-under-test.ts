/** A server under examination: where its stream is, and how to look at what it holds. */
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

/** What is to be examined; plain data, so that another process can do it. */
export type SubjectSpec =
  /** A server that keeps the contract of `servers/README.md`. */
  | { kind: 'reference'; file: string; waitsForDrain: boolean }
  /** Any server that a command starts; whichever of its processes listens at the URL's port is looked into. */
  | { kind: 'command'; command: readonly [string, ...string[]]; url: string; readyWithinMs: number }
  /** One that runs already. It is left as it was, with its inspector closed. */
  | { kind: 'process'; pid: number; url: string }
  /** One that runs in this very process. */
  | { kind: 'own'; url: string };

export interface Subject {
  /** Where the stream is; for clients that do not read, one that brings as much as they take. */
  urlFor(mode: DisconnectMode): string;
  inspection: Inspection;
  /** Ends the look, and the server where we started it. */
  stop(): Promise<void>;
  /** Rejects when the server ends by itself, with what it said last; never settles where nobody would know. */
  ended: Promise<never>;
  /** Says so if one of its processes has ended, also where that did not end the command that started it. */
  whyGone(): Error | undefined;
}

export interface StartOptions {
  signal: AbortSignal;
  /** Whether to trace timers to their creation. */
  trace: boolean;
  /** The way to look that a person wants, if any; else the strongest. */
  look: InspectionKind | undefined;
}

/** Whether it can be started anew, also with the probe that traces timers to their creation. */
export const startsAgain = ({ kind }: SubjectSpec): boolean =>
  kind === 'reference' || kind === 'command';

/** A server that did not come up, or could not be looked into: nothing is known of it. */
export class NotUp extends Error {}

/** @throws NotUp with the reason, for a person */
export async function startSubject(spec: SubjectSpec, options: StartOptions): Promise<Subject> {
  try {
    if (process.platform !== 'linux' && ['command', 'process'].includes(spec.kind)) {
      throw new Error(
        'to find the process of a server takes Linux; reference servers, and servers within a test’s own process, are checked anywhere',
      );
    }
    return await start(spec, options);
  } catch (error) {
    throw new NotUp((error as Error).message);
  }
}

function start(spec: SubjectSpec, options: StartOptions): Promise<Subject> {
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

/** What makes Node remember who created each timer. */
const probeArguments = [
  '--require',
  fileURLToPath(new URL('../inspector/probe/probe.cjs', import.meta.url)),
];
/** A short interval, so that nobody waits for events; from outside not so short that timers cannot be told apart. */
const intervalMs = { inside: 50, outside: 250 };
/** For clients that take nothing: as much as they take; of a server that cannot wait for them, no more than fills their buffers soon. */
const floodQuery = (waitsForDrain: boolean) => `interval=${waitsForDrain ? 0 : 1}&bytes=4096`;
const connectPollMs = 50;
/** How long the port of a server that was ended may still be taken. */
const portFreeWithinMs = 2_000;
const never = new Promise<never>(() => {});
/** How much later than its connections the end of a process may be noticed. */
const endsWithinMs = 500;

type SpecOf<Kind> = Extract<SubjectSpec, { kind: Kind }>;

async function startReference(
  { file, waitsForDrain }: SpecOf<'reference'>,
  { signal, trace, look: asked }: StartOptions,
): Promise<Subject> {
  const server = await startServer(file, undefined, signal, trace ? probeArguments : []);
  const inspection =
    asked === 'outside'
      ? inspectFromOutside(server.pid, '')
      : inspectFromInside(await openInspector(server.inspectorUrl), server.pid, trace);
  return {
    urlFor: ({ when }) =>
      `${server.origin}/event?${when === 'when blocked' ? floodQuery(waitsForDrain) : `interval=${intervalMs[inspection.kind === 'outside' ? 'outside' : 'inside']}`}`,
    inspection,
    stop: () => inspection.end().finally(() => server.stop()),
    ended: never,
    whyGone: () => undefined,
  };
}

async function startCommanded(
  { command, url, readyWithinMs }: SpecOf<'command'>,
  { signal, trace, look: asked }: StartOptions,
): Promise<Subject> {
  const serverPort = portOf(url);
  await portIsFree(serverPort, signal);
  const lifelines = asked === 'outside' ? undefined : await createLifelines();
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
  const whyGone = () => goneOf(pids, started.lastLines());
  const inspect = async () => {
    pids = await listening(serverPort, readyWithinMs, until);
    return inspectServer(pids, { asked, traced: trace, serverPort, lifelines, signal: until });
  };
  try {
    const inspection = await Promise.race([inspect(), started.tooEarly]);
    return {
      urlFor: () => url,
      inspection,
      stop: () => inspection.end().finally(stop),
      ended: started.tooEarly,
      whyGone,
    };
  } catch (error) {
    const cause = await howItEnded(error as Error, { ended: started.tooEarly, whyGone });
    await stop();
    throw pids.length === 0 && cause === error ? withOutput(cause, started.lastLines()) : cause;
  } finally {
    waiting.abort();
  }
}

/** What a command said last tells why it does not listen, or why its server has gone. */
const withOutput = ({ message }: Error, lines: readonly string[]) =>
  new Error([message, ...(lines.length > 0 ? ['its last output:', ...lines] : [])].join('\n  '));

function goneOf(pids: readonly number[], lines: readonly string[]): Error | undefined {
  const pid = pids.find((each) => !isAlive(each));
  return pid === undefined
    ? undefined
    : withOutput(new Error(`process ${pid}, which listened there, ended`), lines);
}

async function startRunning(
  { pid, url }: SpecOf<'process'>,
  { look: asked, signal }: StartOptions,
): Promise<Subject> {
  const refusal = asked === 'outside' ? undefined : whyNoCluster(pid);
  if (refusal !== undefined) throw new Error(refusal);
  const inspection = await inspectProcess(pid, {
    asked,
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
    whyGone: () => goneOf([pid], []),
  };
}

async function startOwn({ url }: SpecOf<'own'>): Promise<Subject> {
  const pids = processesOn(portOf(url));
  if (process.platform === 'linux' && !pids.includes(process.pid)) {
    throw new Error(
      `nothing in this process listens on port ${portOf(url)}; start the server first, or name its command or pid`,
    );
  }
  const whole = inspectFromInside(ownInspector(), process.pid, false);
  // The pipes to our own processes are open here too, and come and go.
  const inspection: Inspection = {
    ...whole,
    take: async () => (await whole.take()).filter(({ kind }) => kind !== 'descriptor'),
  };
  return {
    urlFor: () => url,
    inspection,
    stop: inspection.end,
    ended: never,
    whyGone: () => undefined,
  };
}

/**
 * A server that dies is noticed in several ways, of which how it ended says the most. Ends the look: Node waits for that
 * with its own end.
 *
 * @param signal of whoever wanted the end: then that is the cause
 */
export async function causeOf(
  thrown: Error,
  subject: Subject,
  signal: AbortSignal,
): Promise<Error> {
  await subject.inspection.end();
  return signal.aborted ? thrown : howItEnded(thrown, subject);
}

async function howItEnded(
  thrown: Error,
  { ended, whyGone }: Pick<Subject, 'ended' | 'whyGone'>,
): Promise<Error> {
  const cause = await Promise.race([ended.catch((error: Error) => error), sleep(endsWithinMs)]);
  return cause ?? whyGone() ?? thrown;
}

/** Whoever is there already would be taken for what the command starts. */
async function portIsFree(port: number, signal: AbortSignal) {
  const [pid] = await poll(
    () => processesOn(port),
    ({ length }) => length === 0,
    { eachMs: connectPollMs, withinMs: portFreeWithinMs, signal },
  );
  if (pid !== undefined)
    throw new Error(
      `process ${pid} listens on port ${port} already; end it first, or look into it with --pid ${pid} and without a command`,
    );
}

/** Waits until something listens at the port: the processes that do. */
async function listening(port: number, withinMs: number, signal: AbortSignal): Promise<number[]> {
  const pids = await poll(
    () => processesOn(port),
    ({ length }) => length > 0,
    { eachMs: connectPollMs, withinMs, signal },
  );
  if (pids.length > 0) return pids;
  throw new Error(
    `nothing listens on port ${port} after ${withinMs / 1000} s; is it the port of the command? --ready-within gives it more time`,
  );
}

export function portOf(url: string): number {
  const { port, protocol } = new URL(url);
  return Number(port || (protocol === 'https:' ? 443 : 80));
}
