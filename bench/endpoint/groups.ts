/** Events that arrived together. Pure. */
import type { SeenEvent } from './frames.ts';

export interface Groups {
  /** The mean number of events of a group. */
  size: number;
  count: number;
  /** The median time from one group to the next; 0 if there is one group. */
  everyMs: number;
}

/** The network delivers what a server writes at once within a few milliseconds. */
const togetherMs = 20;

export function groupsOf(events: readonly Pick<SeenEvent, 'atMs'>[]): Groups {
  const starts = events.filter(
    ({ atMs }, index) => index === 0 || atMs - events[index - 1]!.atMs > togetherMs,
  );
  const gaps = starts
    .slice(1)
    .map(({ atMs }, index) => atMs - starts[index]!.atMs)
    .toSorted((a, b) => a - b);
  return {
    size: starts.length === 0 ? 0 : events.length / starts.length,
    count: starts.length,
    everyMs: gaps[Math.floor(gaps.length / 2)] ?? 0,
  };
}

export interface Burst {
  /** The share of events that arrived at the end. */
  share: number;
  /** The end, as a share of the time until the last event. */
  of: number;
  overMs: number;
}

const endShare = 0.02;
/** Fewer events may be a burst by chance. */
const leastEvents = 10;
/** A shorter response may be complete before a proxy could hold anything back. */
const leastMs = 1_000;
const leastShare = 0.9;

/** Whether almost all events arrived in the last 2 % of the time. */
export function burstOf(events: readonly Pick<SeenEvent, 'atMs'>[]): Burst | undefined {
  const lastMs = events.at(-1)?.atMs ?? 0;
  if (events.length < leastEvents || lastMs < leastMs) return undefined;
  const fromMs = lastMs * (1 - endShare);
  const share = events.filter(({ atMs }) => atMs >= fromMs).length / events.length;
  return share < leastShare ? undefined : { share, of: endShare, overMs: lastMs };
}
