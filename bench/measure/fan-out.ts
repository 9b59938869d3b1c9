/**
 * The fan-out of a feed: the time from the first to the last receiver of an event. Each generator
 * keeps when the first and the last of its own streams received a number. Only these times together
 * give the fan-out.
 *
 * The memory is fixed: if there are too many numbers, only every second is kept, then every fourth,
 * and so on. So all generators keep the same numbers, apart from those that one of them drops.
 */
import { createHistogram } from './histogram.ts';

/** The arrivals at the streams of one generator: plain data for a message. */
export interface FanOutArrivals {
  /** Only multiples of this number were kept. */
  stride: number;
  /** Number, first and last arrival in nanoseconds of the common clock, and receivers. */
  arrivals: readonly (readonly [number, number, number, number])[];
  /** The period in which the first arrival of a number counts. */
  fromNs: number;
  untilNs: number;
}

export interface FanOut {
  /** Takes a number that is new to the stream. */
  record(stream: number, number: number, atNs: number): void;
  /** Restarts a stream. It then counts only for numbers that are newer than all others so far. */
  forget(stream: number): void;
  arrivals(fromNs: number, untilNs: number): FanOutArrivals;
}

/**
 * A stream counts only this long after it joined. Until then, events may come from a memory of the
 * server, and other generators may have received them long before.
 */
const settleNs = 200e6;

/** Half of them give a p99, which needs 1,000. */
const mostNumbers = 4_096;

interface Arrival {
  firstNs: number;
  lastNs: number;
  receivers: number;
}

export function createFanOut(streams: number): FanOut {
  /** Streams that joined at this number may have received it, or older ones, from a memory. */
  const joinedAt = new Float64Array(streams).fill(NaN);
  const joinedNs = new Float64Array(streams);
  const arrivals = new Map<number, Arrival>();
  let newest = -Infinity;
  let stride = 1;

  function add(number: number, atNs: number) {
    const known = arrivals.get(number);
    if (known) {
      known.lastNs = atNs;
      known.receivers++;
      return;
    }
    arrivals.set(number, { firstNs: atNs, lastNs: atNs, receivers: 1 });
    while (arrivals.size > mostNumbers) {
      stride *= 2;
      for (const each of arrivals.keys()) if (each % stride !== 0) arrivals.delete(each);
    }
  }

  return {
    record(stream, number, atNs) {
      if (number > newest) newest = number;
      if (Number.isNaN(joinedAt[stream])) {
        joinedAt[stream] = newest;
        joinedNs[stream] = atNs;
        return;
      }
      const isNew = number > joinedAt[stream]! && atNs - joinedNs[stream]! >= settleNs;
      if (isNew && number % stride === 0) add(number, atNs);
    },
    forget: (stream) => void (joinedAt[stream] = NaN),
    arrivals: (fromNs, untilNs) => ({
      stride,
      fromNs,
      untilNs,
      arrivals: Array.from(arrivals, ([number, { firstNs, lastNs, receivers }]) => [
        number,
        firstNs,
        lastNs,
        receivers,
      ]),
    }),
  };
}

/** At the end, a number may still be on its way to some streams. */
const endMarginNs = 1e9;
const endMarginShare = 0.1;

/** @returns the fan-out of each number that two streams or more have received, encoded */
export function fanOutOf(all: readonly FanOutArrivals[]): string {
  const stride = Math.max(...all.map((each) => each.stride));
  const fromNs = Math.max(...all.map((each) => each.fromNs));
  const endNs = Math.min(...all.map((each) => each.untilNs));
  const untilNs = endNs - Math.min(endMarginNs, endMarginShare * (endNs - fromNs));
  const merged = new Map<number, Arrival>();
  for (const { arrivals } of all)
    for (const [number, firstNs, lastNs, receivers] of arrivals) {
      if (number % stride !== 0) continue;
      const known = merged.get(number);
      merged.set(number, {
        firstNs: Math.min(firstNs, known?.firstNs ?? Infinity),
        lastNs: Math.max(lastNs, known?.lastNs ?? 0),
        receivers: receivers + (known?.receivers ?? 0),
      });
    }
  const histogram = createHistogram();
  for (const { firstNs, lastNs, receivers } of merged.values())
    if (receivers > 1 && firstNs >= fromNs && firstNs < untilNs)
      histogram.recordNs(lastNs - firstNs);
  return histogram.encode();
}
