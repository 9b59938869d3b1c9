/** The streams that a run asks the machine for, and the words of complaints about them. Pure. */
import { flagOf } from './option.ts';
import { runOptions } from './options.ts';

/** The streams that a load asks for. */
export interface Demand {
  streams: number;
  /** The load of the kind that needs room, if that is more. */
  room: { most: number; what: string; fewer: string } | undefined;
  /** Slow readers and remaining streams. */
  others: number;
  /** How many quiet streams accompany this many paced ones. */
  quietStreamsFor(streams: number): number;
  /** How many streams share a connection; 1 over HTTP/1.1. */
  perConnection: number;
  /** Whether one process opens all streams, because the load kind has its own generator. */
  isOneClient: boolean;
  /** The number of server processes given explicitly. */
  given: number | undefined;
}

/** All streams of a demand. */
export interface DemandedStreams {
  all: number;
  /** Their connections, which need descriptors and ports. */
  connections: number;
  /** The option that asks for them, with its value. */
  what: string;
  /** The same with the streams that accompany them. */
  whatWithOthers: string;
  /** The advice for a machine that has room for this many connections in all. */
  fewer(connections: number): string;
}

export function streamsOf({
  streams: usual,
  room,
  others,
  quietStreamsFor,
  perConnection,
}: Demand): DemandedStreams {
  const streams = room?.most ?? usual;
  const quiet = quietStreamsFor(streams);
  const what = room?.what ?? `${flagOf(runOptions.streams)} ${streams}`;
  const extra = others > 0 ? ` and ${others} slow or remaining streams` : '';
  const all = streams + quiet + others;
  return {
    all,
    connections: Math.ceil(all / perConnection),
    what,
    whatWithOthers: `${what}: with ${quiet} quiet streams${extra}`,
    fewer(connections) {
      if (room) return room.fewer;
      const forAll = connections * perConnection;
      const paced = largest(streams, (count) => count + quietStreamsFor(count) + others <= forAll);
      if (paced > 0) return `at most ${paced}`;
      return others > 0 ? 'fewer slow or remaining streams' : 'fewer quiet streams';
    },
  };
}

/** @returns the largest number up to `limit` that fits, if all smaller ones fit too; else 0 */
export function largest(limit: number, fits: (count: number) => boolean): number {
  let [low, high] = [0, limit];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}
