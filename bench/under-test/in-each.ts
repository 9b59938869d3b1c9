/** Questions to all processes of a server, and the sums of their answers. */
import type { Inspector } from '../inspector/inspect.ts';
import type { InspectedMemory, Releases, TimerGroups } from './holdings.ts';

export const inEach = <Answer>(
  inspectors: readonly Inspector[],
  question: (inspector: Inspector) => Promise<Answer>,
): Promise<Answer[]> => Promise.all(inspectors.map(question));

export const total = (counts: readonly number[]): number =>
  counts.reduce((sum, count) => sum + count, 0);

/** The memory of all processes together. */
export const memoryOf = (all: readonly InspectedMemory[]): InspectedMemory => ({
  heapBytes: total(all.map(({ heapBytes }) => heapBytes)),
  rssBytes: total(all.map(({ rssBytes }) => rssBytes)),
});

export function sumOf(all: readonly TimerGroups[]): TimerGroups {
  const sums: TimerGroups = {};
  for (const groups of all)
    for (const [group, count] of Object.entries(groups)) sums[group] = (sums[group] ?? 0) + count;
  return sums;
}

/** Merges the times of several processes, ascending. */
export function together(all: readonly Releases[]): Releases {
  const groups = new Set(all.flatMap(Object.keys));
  return Object.fromEntries(
    [...groups].map((group) => [
      group,
      all.flatMap((each) => each[group] ?? []).toSorted((a, b) => a - b),
    ]),
  );
}
