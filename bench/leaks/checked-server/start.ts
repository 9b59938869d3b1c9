/** Starts a server for a check: a reference server, or the user's command. */
import { portOf } from '../../scenario/servers-under-test.ts';
import { fileURLToPath } from 'node:url';
import { openInspector } from '../../inspector/inspect.ts';
import { createLifelines, keyVariable, lifelineArguments } from '../../inspector/lifelines.ts';
import { startCommand } from '../../under-test/command-process.ts';
import { endpointOf } from '../../under-test/endpoint.ts';
import { isFree, untilReady, watchOutput } from '../../under-test/ready.ts';
import { startServer } from '../../under-test/server.ts';
import { poll } from '../../system/time.ts';
import { inspectServer, together } from '../inspection/cluster.ts';
import { inspectFromOutside, inspectFromInside } from '../inspection/inspection.ts';
import { sumOfWork } from '../inspection/work.ts';
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
const pollMs = 50;
/** Time for the processes that listen to be found after the server is ready. */
const listensWithinMs = 2_000;

/** @throws if the server does not start */
export async function startReference(
  { file, waitsForDrain, processes = 1 }: SpecOf<'reference'>,
  { signal, trace, inspection: given }: StartOptions,
): Promise<CheckedServer> {
  const server = await startServer(file, undefined, {
    signal,
    nodeArguments: trace ? probeArguments : [],
    processes,
  });
  const inspections = await Promise.all(
    server.pids.map(async (pid, index) =>
      given === 'outside'
        ? inspectFromOutside(pid, '')
        : inspectFromInside(await openInspector(server.inspectorUrls[index]!), pid, trace),
    ),
  );
  const inspection =
    processes === 1 ? inspections[0]! : together(inspections, () => undefined, sumOfWork);
  return {
    urlFor: ({ when }) =>
      `${server.origin}/event?${when === 'when blocked' ? floodQuery(waitsForDrain) : `interval=${intervalMs[inspection.kind === 'outside' ? 'outside' : 'inside']}`}&room={{i}}`,
    inspection,
    stop: () => inspection.end().finally(() => server.stop()),
    ended: never,
    whyEnded: () => undefined,
  };
}

/** @throws if the server does not listen in time, or cannot be inspected */
export async function startCommanded(
  spec: SpecOf<'command'>,
  { signal, trace, inspection: given }: StartOptions,
): Promise<CheckedServer> {
  const { url, command, cwd, env } = spec;
  const endpoint = endpointOf(url, spec.socketPath);
  const serverPort = portOf(url);
  await isFree(endpoint, signal);
  const lifelines = given === 'outside' ? undefined : await createLifelines();
  const { onLine, printed } = watchOutput(spec.readyWhen);
  const started = startCommand({
    command,
    cwd,
    env: { ...env, ...(lifelines && { [keyVariable]: lifelines.key }) },
    nodeArguments: [...(lifelines ? lifelineArguments : []), ...(trace ? probeArguments : [])],
    onLine,
  });
  async function stop() {
    await started.stop().finally(() => lifelines?.close());
    await endpoint.clear();
  }
  const waiting = new AbortController();
  const until = AbortSignal.any([signal, waiting.signal]);
  let pids: number[] = [];
  const whyEnded = () => endOf(pids, started.lastLines());
  const inspect = async () => {
    await untilReady(endpoint, spec, printed, until).catch((error: Error) => {
      throw withOutput(error, started.lastLines());
    });
    // A server may print that it is ready shortly before it listens.
    pids = await poll(
      () => endpoint.listeners(started.processes().map(({ pid }) => pid)),
      ({ length }) => length > 0,
      { eachMs: pollMs, withinMs: listensWithinMs, signal: until },
    );
    if (pids.length === 0)
      throw withOutput(
        new Error(
          `the server stopped listening on ${endpoint.words} before ssebench could inspect it`,
        ),
        started.lastLines(),
      );
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
