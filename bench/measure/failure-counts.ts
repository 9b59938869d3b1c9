/** What went wrong, counted by cause. */

/** How often something went wrong, for one cause. */
export interface FailureCount {
  count: number;
  /** What the first of them said. */
  example: string;
}

/** Adds counts to those of a total; its examples stay. */
export function addUp(
  total: Record<string, FailureCount>,
  more: Readonly<Record<string, FailureCount>>,
): void {
  for (const [cause, { count, example }] of Object.entries(more))
    (total[cause] ??= { count: 0, example }).count += count;
}

export function countUp(causes: Record<string, FailureCount>, cause: string, example: string) {
  (causes[cause] ??= { count: 0, example }).count++;
}
