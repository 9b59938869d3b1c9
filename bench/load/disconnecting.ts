/**
 * The final disconnect of a generator's streams: all at once, except staying streams, which follow
 * later.
 */
import type { Clock } from '../system/clock.ts';
import type { Storm } from '../measure/storm.ts';
import type { CloseMethod } from '../scenario/scenario.ts';
import type { Arrival } from './arrival.ts';
import type { OpenStream, StreamCloseMethod } from '../stream/stream.ts';
import type { LoadResult } from './task.ts';

/** How long staying streams remain after the others have disconnected. */
const stormMs = 2_000;

/**
 * How to close a single stream. With `kill`, streams that disconnect before the kill, and staying
 * streams, close with FIN.
 */
export const streamCloseMethod = (method: CloseMethod): StreamCloseMethod =>
  method === 'kill' ? 'fin' : method;

interface LeavingOptions {
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
export async function leaveAll({
  arrivals,
  streams,
  method,
  clock,
  storm,
  settle,
}: LeavingOptions): Promise<LoadResult['closedNs']> {
  const closedNs: { paced: number[]; quiet: number[] } = { paced: [], quiet: [] };
  const cohortOf = (stream: number) => arrivals[stream]!.cohort;
  const isKilled = method === 'kill' && !arrivals.some(({ cohort }) => cohort === 'staying');

  function leave(stream: number, { close }: OpenStream): Promise<void> {
    const left = Promise.withResolvers<void>();
    const leftNow = () => {
      // A slow reader has the same timer as a paced stream, and the server releases both together.
      closedNs[cohortOf(stream) === 'quiet' ? 'quiet' : 'paced'].push(clock.nowNs());
      left.resolve();
    };
    if (isKilled) leftNow();
    else close(streamCloseMethod(method), leftNow);
    return left.promise;
  }
  async function leaveTogether(those: readonly (readonly [stream: number, opened: OpenStream])[]) {
    const leaving = those.map(([stream, opened]) => leave(stream, opened));
    for (const [stream] of those) {
      settle(stream);
      streams.delete(stream);
    }
    await Promise.all(leaving);
  }

  storm.begin(clock.nowNs());
  await leaveTogether([...streams].filter(([stream]) => cohortOf(stream) !== 'staying'));
  if (streams.size > 0) await new Promise((resolve) => setTimeout(resolve, stormMs));
  await leaveTogether([...streams]);
  return { paced: Float64Array.from(closedNs.paced), quiet: Float64Array.from(closedNs.quiet) };
}
