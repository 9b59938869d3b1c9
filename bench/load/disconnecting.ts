/**
 * The final disconnect of a generator's streams: all at once, except remaining streams, which follow
 * later.
 */
import type { Clock } from '../system/clock.ts';
import type { Storm } from '../measure/storm.ts';
import type { CloseMethod } from '../scenario/scenario.ts';
import type { Arrival } from './arrival.ts';
import type { StreamCloseMethod } from '../stream/close-socket.ts';
import type { OpenStream } from '../stream/stream.ts';
import type { LoadResult } from './task.ts';

/** How long remaining streams remain after the others have disconnected. */
const stormMs = 2_000;

/**
 * How to close a single stream. With `kill`, streams that disconnect before the kill, and remaining
 * streams, close with FIN.
 */
export const streamCloseMethod = (method: CloseMethod): StreamCloseMethod =>
  method === 'kill' ? 'fin' : method;

interface DisconnectOptions {
  arrivals: readonly Arrival[];
  /** The open streams; empty once all have disconnected. */
  streams: Map<number, OpenStream>;
  method: CloseMethod;
  clock: Clock;
  storm: Storm;
  /** Counts the outcome of each stream that disconnects. */
  settle(stream: number): void;
}

/**
 * @returns when each stream disconnected; if the process is killed for that, when its streams were
 * ready for it
 */
export async function disconnectAll({
  arrivals,
  streams,
  method,
  clock,
  storm,
  settle,
}: DisconnectOptions): Promise<LoadResult['closedNs']> {
  const closedNs: { paced: number[]; quiet: number[] } = { paced: [], quiet: [] };
  const cohortOf = (stream: number) => arrivals[stream]!.cohort;
  const isKilled = method === 'kill' && !arrivals.some(({ cohort }) => cohort === 'remaining');

  function disconnect(stream: number, opened: OpenStream): Promise<void> {
    const disconnected = Promise.withResolvers<void>();
    const disconnectedNow = () => {
      // A slow reader has the same timer as a paced stream, and the server releases both together.
      closedNs[cohortOf(stream) === 'quiet' ? 'quiet' : 'paced'].push(clock.nowNs());
      disconnected.resolve();
    };
    if (isKilled) disconnectedNow();
    else opened.close(streamCloseMethod(method), disconnectedNow);
    return disconnected.promise;
  }
  async function disconnectTogether(
    those: readonly (readonly [stream: number, opened: OpenStream])[],
  ) {
    const disconnecting = those.map(([stream, opened]) => disconnect(stream, opened));
    for (const [stream] of those) {
      settle(stream);
      streams.delete(stream);
    }
    await Promise.all(disconnecting);
  }

  storm.begin(clock.nowNs());
  await disconnectTogether([...streams].filter(([stream]) => cohortOf(stream) !== 'remaining'));
  if (streams.size > 0) await new Promise((resolve) => setTimeout(resolve, stormMs));
  storm.end(clock.nowNs());
  await disconnectTogether([...streams]);
  return { paced: Float64Array.from(closedNs.paced), quiet: Float64Array.from(closedNs.quiet) };
}
