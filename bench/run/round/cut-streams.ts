/** Makes the server cut all streams of a round. With `--cut client`, the generators do it. */
import type { Reconnect } from '../../scenario/kinds/reconnect.ts';
import type { ServerProcess } from '../../under-test/measured-server.ts';
import type { Cast } from './round-kind.ts';

const ways: Record<
  Exclude<Reconnect['how'], 'client'>,
  (server: ServerProcess, signal: AbortSignal) => void | Promise<void>
> = {
  end: (server) => server.endStreams(),
  restart: (server, signal) => server.restart('SIGTERM', signal),
  crash: (server, signal) => server.restart('SIGKILL', signal),
};

/**
 * Waits for the planned moment, cuts the streams, and resolves when the server is running again.
 *
 * @throws ServerFailure if the server does not start again
 */
export async function cutStreams(
  how: keyof typeof ways,
  {
    task,
    server,
    context: {
      world: { clock, sleep },
    },
    signal,
  }: Cast,
): Promise<void> {
  // A timer can fire a fraction of a millisecond early. Clients cut before the planned time would
  // not reconnect.
  const { atNs } = task.reconnect!.cut!;
  while (clock.nowNs() < atNs) await sleep(Math.max(1, (atNs - clock.nowNs()) / 1e6), signal);
  await ways[how](server!.process, signal);
}
