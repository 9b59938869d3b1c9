/** How the streams of a generator leave in the end: all at once, but for those that stay a while longer. */
import type { Clock } from '../system/clock.ts';
import type { Storm } from '../measure/storm.ts';
import type { CloseMethod } from '../scenario/scenario.ts';
import type { Arrival } from './arrival.ts';
import type { OpenStream, StreamCloseMethod } from '../stream/stream.ts';
import type { LoadResult } from './task.ts';

/** How long those stay that do, after the others have left. */
const stormMs = 2_000;

/** Of a generator that is killed with its streams; whoever leaves before that, or stays, does so politely. */
export const streamCloseMethod = (method: CloseMethod): StreamCloseMethod =>
  method === 'kill' ? 'fin' : method;

interface LeavingOptions {
  arrivals: readonly Arrival[];
  /** Those that are open; empty when all have left. */
  streams: Map<number, OpenStream>;
  method: CloseMethod;
  clock: Clock;
  storm: Storm;
  /** Takes the account of each that leaves. */
  settle(stream: number): void;
}

/** @returns when each left; of those whose process is killed as their way to leave, when they were ready for that */
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
      // A slow reader has a timer like those that are measured, and they are let go of together.
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
