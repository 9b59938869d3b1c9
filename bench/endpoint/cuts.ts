/** Pauses in the middle of an event. Pure. */
import type { ObservedStream } from './observations.ts';

/** A server that writes one event in several pieces pauses for a shorter time between them. */
const pauseMs = 250;
/** One cut may be a server that stalls. Several are a buffer that is sent when it is full. */
const leastCuts = 2;

export interface Cuts {
  /** Pauses in the middle of an event. */
  cuts: number;
  pauses: number;
  /** The largest number of bytes from one cut to the next. */
  bytes: number;
}

/**
 * A server writes whole events, so only something that holds bytes back cuts them.
 *
 * @returns `undefined` if most pauses are between events
 */
export function cutsOf({ reads, frames }: ObservedStream): Cuts | undefined {
  let bytes = 0;
  let [cuts, pauses, lastCut, largest] = [0, 0, 0, 0];
  for (const [index, read] of reads.entries()) {
    bytes += read.bytes.length;
    const next = reads[index + 1];
    if (next === undefined || next.atMs - read.atMs < pauseMs) continue;
    pauses++;
    if (frames.ends.has(bytes)) continue;
    cuts++;
    largest = Math.max(largest, bytes - lastCut);
    lastCut = bytes;
  }
  return cuts >= leastCuts && cuts > pauses / 2 ? { cuts, pauses, bytes: largest } : undefined;
}
