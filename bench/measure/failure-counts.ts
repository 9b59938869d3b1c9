/** Counts failures by cause. */
import type { Causes } from '../result/recording.ts';

/** Adds counts to a total, which keeps its own examples. */
export function addUp(total: Causes, more: Readonly<Causes>): void {
  for (const [cause, { count, example }] of Object.entries(more))
    (total[cause] ??= { count: 0, example }).count += count;
}

export function countUp(causes: Causes, cause: string, example: string) {
  (causes[cause] ??= { count: 0, example }).count++;
}
