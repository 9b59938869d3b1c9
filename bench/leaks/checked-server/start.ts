/** Starts a server for a check: a reference server, or the user's command. */
import { portOf } from '../../scenario/servers-under-test.ts';
import { fileURLToPath } from 'node:url';
import { openInspector } from '../../inspector/inspect.ts';
import { createLifelines, keyVariable, lifelineArguments } from '../../inspector/lifelines.ts';
import { startServer } from '../../under-test/server.ts';
import { processesOn } from '../../system/sockets.ts';
import { poll } from '../../system/time.ts';
import { startCommand } from '../../under-test/command-process.ts';
import { inspectServer } from '../inspection/cluster.ts';
import { inspectFromOutside, inspectFromInside } from '../inspection/inspection.ts';
import { endOf, howItEnded, withOutput } from './end.ts';
import { never, type CheckedServer, type SpecOf, type StartOptions } from './checked-server.ts';

/** Arguments that make Node record who created each timer. */
const probeArguments = [
  '--require',
  fileURLToPath(new URL('../../inspector/probe/probe.cjs', import.meta.url)),
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

/** @throws if the server does not start */
export async function startReference(
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

/** @throws if the server does not listen in time, or cannot be inspected */
export async function startCommanded(
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
    if (pids.length === 0)
      throw withOutput(notListening(serverPort, readyWithinMs), started.lastLines());
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
    throw cause;
  } finally {
    waiting.abort();
  }
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
const listening = (port: number, withinMs: number, signal: AbortSignal): Promise<number[]> =>
  poll(
    () => processesOn(port),
    ({ length }) => length > 0,
    { eachMs: connectPollMs, withinMs, signal },
  );

const notListening = (port: number, withinMs: number) =>
  new Error(
    `the command does not listen on port ${port} after ${withinMs / 1000} s; check the port in --url, or allow more time with --ready-within`,
  );
