/**
 * Decides whether a server queues more and more for clients that do not read. Pure.
 *
 * The slope of the later samples is compared with its own noise: its interval comes from how far the
 * samples lie from a straight line. A slow server can fill a bounded buffer for a long time, which
 * looks like a leak. So growth counts only in two cases: in the sockets it exceeds the high-water
 * mark, where a server that respects backpressure stops, or the memory exceeds what bounded buffers
 * hold.
 */
import { lineThrough } from '../statistics/least-squares.ts';
import { studentQuantile } from '../statistics/student.ts';

/** Everything is in KB for each stream. */
export interface MemorySample {
  atMs: number;
  /** Memory of the server since before the streams were opened. */
  memoryKb: number;
  /** Data that waits in the sockets; 0 if that cannot be seen. */
  queuedKb: number;
  /** The part of it above the high-water marks. */
  beyondMarkKb: number;
}

export type BlockedMemory =
  | { state: 'growing'; kbPerSecond: number }
  /** It does not grow, or no longer. */
  | { state: 'bounded' }
  | { state: 'undecided' };

/** A slope needs this many samples, and is that of the later half of all samples. */
const leastSamples = 6;
/**
 * The confidence of the slope's lower end, which decides that memory grows, and of its upper end. The
 * first is higher, because every new sample is another chance for a false alarm.
 */
const confidence = { grows: 0.999, isBounded: 0.99 };
/**
 * KB per second and stream that are not growth: code that runs for the first time needs memory too.
 */
const leastKbPerSecond = 0.5;
/** KB of memory for each stream that bounded buffers may hold. A socket of Node holds 64 KB. */
export const mostBoundedKb = 256;

/**
 * A queue that fills this fast needs no interval: more samples would use up the memory of the server.
 * It has increased in each of these last samples, by this factor in all, to more than this size.
 */
const flood = { samples: 3, factor: 1.5, kb: 2_048 };

function floodIn(samples: readonly MemorySample[]): BlockedMemory | undefined {
  const last = samples.slice(-flood.samples);
  const [from, to] = [last[0], last.at(-1)];
  if (from === undefined || to === undefined || last.length < flood.samples) return undefined;
  const rises = last.every(
    ({ memoryKb }, place) => place === 0 || memoryKb > last[place - 1]!.memoryKb,
  );
  const isMuch = to.memoryKb > flood.kb && to.memoryKb > flood.factor * from.memoryKb;
  const kbPerSecond = (to.memoryKb - from.memoryKb) / ((to.atMs - from.atMs) / 1_000);
  return rises && isMuch ? { state: 'growing', kbPerSecond } : undefined;
}

/**
 * @param samples since the clients have stopped reading, in order
 * @param isUnbounded whether the same server has exceeded its bounded buffers before
 */
export function judgeBlockedMemory(
  samples: readonly MemorySample[],
  isUnbounded: boolean,
): BlockedMemory {
  const quick = floodIn(samples);
  if (quick !== undefined) return quick;
  if (samples.length < leastSamples) return { state: 'undecided' };
  const later = samples.slice(-Math.max(leastSamples, Math.ceil(samples.length / 2)));
  const slopeOf = (kbOf: (sample: MemorySample) => number) => {
    const { slope, slopeError } = lineThrough(
      later.map((sample) => [sample.atMs / 1_000, kbOf(sample)]),
    )!;
    const errorAt = (share: number) => studentQuantile(share, later.length - 2) * slopeError;
    return {
      slope,
      grows: slope - errorAt(confidence.grows) > leastKbPerSecond,
      isBounded: slope + errorAt(confidence.isBounded) < leastKbPerSecond,
    };
  };
  const memory = slopeOf(({ memoryKb }) => memoryKb);
  const queued = slopeOf(({ queuedKb }) => queuedKb);
  const beyondMark = slopeOf(({ beyondMarkKb }) => beyondMarkKb);
  if (memory.isBounded && queued.isBounded) return { state: 'bounded' };
  const exceeds = isUnbounded || samples.at(-1)!.memoryKb > mostBoundedKb;
  const grows = beyondMark.grows || (exceeds && (memory.grows || queued.grows));
  // Memory has an overhead for each event, and events that all streams share need none.
  return grows
    ? { state: 'growing', kbPerSecond: Math.max(memory.slope, queued.slope) }
    : { state: 'undecided' };
}
