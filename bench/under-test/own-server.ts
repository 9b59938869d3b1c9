/** A server of the user, ready for load: started by its command, or already running. */
import { stallAfterMs, type OwnProcess, type UrlUnderTest } from '../scenario/scenario.ts';
import { isAlive } from '../system/processes.ts';
import { poll } from '../system/time.ts';
import { endpointOf, type Endpoint } from './endpoint.ts';
import { openFirstStreams } from './first-streams.ts';
import { inspectorsOf, without, type Inspectors } from './inspectors.ts';
import type { MeasuredServer, ServerProcess, StartOptions } from './measured-server.ts';
import { startOwnCommand } from './own-command.ts';
import { openOwnPid } from './own-pid.ts';
import { servingProcesses, type OwnServerProcess } from './own-process.ts';
import { inspectOwn } from './own-release.ts';
import { causeOf, ServerFailure } from './server-failure.ts';

/**
 * How long the server may take to answer the first stream, at least: some servers send their headers
 * only with the first event. And how long to close the first streams.
 */
const answersWithinMs = 10_000;
const closesWithinMs = 2_000;
const pollMs = 50;

/**
 * Opens a few streams to warm the server up. It takes the baseline when the server has closed them,
 * or has not done so in time.
 *
 * @throws ServerFailure if the server does not start, or serves no stream
 */
export async function startOwn(
  serverUnderTest: UrlUnderTest & { process: OwnProcess },
  { cores, clock, signal }: StartOptions,
): Promise<MeasuredServer> {
  if (process.platform !== 'linux')
    throw new Error(
      'a server given by its command or process id can be measured only on Linux; give only its URL, to measure it from outside',
    );
  const { url, request, intervalMs, process: own } = serverUnderTest;
  const endpoint = endpointOf(url, request.socketPath);
  const { origin } = new URL(url);
  const server =
    own.kind === 'command'
      ? await startOwnCommand(own, origin, endpoint, cores, signal)
      : openOwnPid(own.pid, origin);
  let inspectors: Inspectors | undefined;
  try {
    const idle = endpoint.connections().all;
    const withinMs = Math.max(answersWithinMs, stallAfterMs(intervalMs));
    await openFirstStreams(serverUnderTest, withinMs, signal);
    const serving = await servingProcesses(server, endpoint, signal);
    inspectors = await inspect(server, serving, endpoint, signal);
    await poll(
      () => endpoint.connections().all,
      (now) => now <= idle,
      { eachMs: pollMs, withinMs: closesWithinMs, signal },
    );
    const { why } = inspectors;
    return {
      process: withInspectors(server, inspectors, serving),
      inspection: { inspection: why === '' ? 'inspector' : 'outside', why },
      ...(await inspectOwn(server, endpoint, inspectors)),
      connections: () => endpoint.connections().open,
      async sample() {
        const sample = server.glance();
        if (sample === undefined) throw new Error('the processes of the server have ended');
        return { ...sample, atNs: clock.nowNs() };
      },
    };
  } catch (thrown) {
    const error = await causeOf(thrown as Error, server);
    await inspectors?.end();
    await server.stop();
    throw error instanceof ServerFailure
      ? error
      : new ServerFailure(error.message, undefined, server.stderrTail());
  }
}

async function inspect(
  { lifelines }: OwnServerProcess,
  pids: readonly number[],
  endpoint: Endpoint,
  signal: AbortSignal,
): Promise<Inspectors> {
  if (pids.length === 0)
    return without(`the system does not report which process listens on ${endpoint.words}`);
  if (lifelines === undefined && pids.length > 1)
    return without(
      'the server is a cluster (node:cluster), which ssebench inspects only if it starts it',
    );
  return inspectorsOf(pids, { serverPort: endpoint.port ?? 0, lifelines, signal });
}

/**
 * The same process. Its `stop` closes its inspectors first, and it notices the end of a serving
 * process that a script or a package manager has started. Its `pid` changes on restart.
 */
function withInspectors(
  server: OwnServerProcess,
  inspectors: Inspectors,
  serving: readonly number[],
): ServerProcess {
  const first = server.pid;
  function whyEnded() {
    const ended = serving.find((pid) => !isAlive(pid));
    return ended === undefined || server.pid !== first
      ? undefined
      : new ServerFailure(`process ${ended} of the server ended`, undefined, server.stderrTail());
  }
  return {
    ...server,
    get pid() {
      return server.pid;
    },
    stop: () => inspectors.end().finally(() => server.stop()),
    whyEnded,
  };
}
