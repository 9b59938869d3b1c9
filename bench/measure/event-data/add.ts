/** Adds what several generators or rounds found in the data of events. */
import type { EventDataFindings, PathFindings, StampFindings } from '../../result/event-data.ts';

export function addEventData(total: EventDataFindings, more: EventDataFindings): void {
  total.sequence = sumOf(total.sequence, more.sequence, addedPath);
  total.stamp = sumOf(total.stamp, more.stamp, addedStamp);
}

function sumOf<Part>(a: Part | null, b: Part | null, add: (a: Part, b: Part) => Part): Part | null {
  return a !== null && b !== null ? add(a, b) : (a ?? b);
}

const addedPath = (a: PathFindings, b: PathFindings): PathFindings => ({
  found: a.found + b.found,
  absent: a.absent + b.absent,
  example: a.example || b.example,
});

const addedStamp = (a: StampFindings, b: StampFindings): StampFindings => ({
  ...addedPath(a, b),
  foreign: a.foreign + b.foreign,
  isElsewhere: a.isElsewhere || b.isElsewhere,
  clock: a.clock ?? b.clock,
  resolutionNs: Math.max(a.resolutionNs, b.resolutionNs),
  wallClockStepNs: Math.max(a.wallClockStepNs, b.wallClockStepNs),
});
