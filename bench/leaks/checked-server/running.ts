/** Servers that already run: inspects another process, or this one. */
import { portOf } from '../../scenario/servers-under-test.ts';
import { ownInspector } from '../../inspector/inspect.ts';
import { processesOn } from '../../system/sockets.ts';
import { whyNoCluster } from '../inspection/cluster.ts';
import { inspectFromInside, inspectProcess, type Inspection } from '../inspection/inspection.ts';
import { noWork } from '../inspection/work.ts';
import { endOf } from './end.ts';
import { never, type CheckedServer, type SpecOf, type StartOptions } from './checked-server.ts';

/** @throws if the process cannot be inspected */
export async function inspectRunning(
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

/** @throws if this process does not listen on the port */
export async function inspectOwn({ url }: SpecOf<'own'>): Promise<CheckedServer> {
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
    // ssebench itself works in this process.
    work: async () => noWork,
  };
  return {
    urlFor: () => url,
    inspection,
    stop: inspection.end,
    ended: never,
    whyEnded: () => undefined,
  };
}
