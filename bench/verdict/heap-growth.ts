/**
 * Decides whether the memory of a server grows with the disconnects. Pure.
 *
 * Memory also grows for other reasons: V8 compiles code and keeps feedback of it, and caches fill
 * up. After a warm-up and forced garbage collections, that is 0.1 to 0.8 KB per disconnect for
 * servers of the usual frameworks, with single jumps of 0.3 MB. So the least growth that counts is
 * several times as much. It must happen in each round, and its interval must exceed the least too.
 */
import { lineThrough } from '../statistics/least-squares.ts';
import { studentQuantile } from '../statistics/student.ts';

/** The growth of the memory in a round. */
export interface HeapRound {
  disconnects: number;
  grownKb: number;
}

/** The growth over all rounds, with the slope in KB per disconnect. */
export interface HeapSlope extends HeapRound {
  perDisconnect: number;
  /** The 95 % confidence interval. */
  interval: [number, number];
}

/** A smaller growth is not reported. */
const least = { kbPerDisconnect: 3, kb: 150 };
/** The share of the slope by which each round must grow. */
const leastShare = 0.5;
/** Less of the growth than this is still there if the server released some of it late. */
const heldShare = 0.9;
/** With fewer points, the interval is too wide to mean anything. */
const leastPoints = 5;

/** Whether a growth is large enough that more rounds are worth their time. */
export const isHeapSuspect = ({ disconnects, grownKb }: HeapRound): boolean =>
  grownKb >= Math.max(least.kb, least.kbPerDisconnect * disconnects);

/** Whether a round leaves the suspicion; if not, the others need not follow. */
export const isGrowing = ({ disconnects, grownKb }: HeapRound): boolean =>
  grownKb >= leastShare * least.kbPerDisconnect * disconnects;

/** @returns `undefined` if the memory did not grow in proportion to the disconnects */
export function heapSlopeOf(rounds: readonly HeapRound[]): HeapSlope | undefined {
  const points: [number, number][] = [[0, 0]];
  for (const { disconnects, grownKb } of rounds) {
    const [x, y] = points.at(-1)!;
    points.push([x + disconnects, y + grownKb]);
  }
  const line = lineThrough(points);
  if (line === undefined || points.length < leastPoints) return undefined;
  const { slope, slopeError } = line;
  const error = slopeError * studentQuantile(0.975, points.length - 2);
  const interval: [number, number] = [slope - error, slope + error];
  const isInEach = rounds.every(
    ({ disconnects, grownKb }) => grownKb >= leastShare * slope * disconnects,
  );
  if (interval[0] < least.kbPerDisconnect || !isInEach) return undefined;
  const [disconnects, grownKb] = points.at(-1)!;
  return { perDisconnect: slope, interval, grownKb, disconnects };
}

/** Whether the growth is still there after the deadline. */
export const isHeapHeld = (grownKb: number, heldKb: number): boolean =>
  heldKb >= heldShare * grownKb;
