/** The times in which a stream sent nothing. Pure. */
import { largestOf } from './numbers.ts';
import type { ObservedStream } from './observations.ts';

export interface Silence {
  /** The longest time between two moments with bytes. */
  longestMs: number;
  /** The time from the last byte to the end of the observation; 0 if the server ended the stream. */
  lastMs: number;
}

export function silenceOf({
  headersAfterMs,
  reads,
  endedAfterMs,
  watchedMs,
}: Pick<ObservedStream, 'headersAfterMs' | 'reads' | 'endedAfterMs' | 'watchedMs'>): Silence {
  const moments = [
    0,
    ...(headersAfterMs === null ? [] : [headersAfterMs]),
    ...reads.map(({ atMs }) => atMs),
    ...(endedAfterMs === null ? [] : [endedAfterMs]),
  ];
  const gaps = moments.slice(1).map((atMs, index) => atMs - moments[index]!);
  return {
    longestMs: largestOf(gaps),
    lastMs: endedAfterMs === null ? Math.max(0, watchedMs - moments.at(-1)!) : 0,
  };
}
