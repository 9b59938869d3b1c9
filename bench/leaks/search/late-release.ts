/** Tells late releases from leaks, by waiting for more deadlines. */
import type { Held } from '../../result/held.ts';
import type { Leak } from '../../result/leak-result.ts';
import { isDisappearing } from '../../verdict/stable-growth.ts';
import type { Hold, QuicklySearched, QuickRound } from './quickly-searched.ts';

/** Growth that disappears gets this many deadlines until it is gone. */
export const mostDeadlines = 4;

/** Tells late releases from leaks, once for each thing. */
export async function holdUntilClear<R extends QuickRound>(
  searched: QuicklySearched<R>,
  leaks: readonly Leak[],
  before: readonly Held[],
): Promise<Hold> {
  for (let deadlines = 2; ; deadlines++) {
    const last = await searched.hold(deadlines);
    if (deadlines === mostDeadlines) return last;
    if (!leaks.some((leak) => isDisappearing(leak, before, last.held))) return last;
  }
}
