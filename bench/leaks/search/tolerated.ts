/**
 * Leaks that the user ignores or tolerates. They are no findings, but they still have consequences,
 * which are no findings either. Pure.
 */
import { countOf, heldKey, isRate } from '../../result/held.ts';
import type { Leak } from '../../result/leak-result.ts';
import type { CountedRound } from '../../verdict/confirm.ts';
import { timesOf } from '../../verdict/leaks.ts';
import type { SearchOptions } from './search.ts';

type Tolerance = Pick<SearchOptions, 'most' | 'isIgnored'>;

/** Whether the options let a leak pass. */
export const isTolerated = (leak: Leak, { most, isIgnored }: Tolerance): boolean =>
  leak.perDisconnect <= most || isIgnored(leak);

/** Things that grew in each of these rounds, and that the options let pass. */
export function toleratedIn(rounds: readonly CountedRound[], tolerance: Tolerance): Leak[] {
  const disconnects = rounds.reduce((sum, round) => sum + round.disconnects, 0);
  return (rounds[0]?.grown ?? []).flatMap((held) => {
    const key = heldKey(held);
    const counts = rounds.map(
      ({ before, held: later }) => countOf(later, key) - countOf(before, key),
    );
    if (isRate(held.kind) || counts.some((each) => each <= 0)) return [];
    const count = counts.reduce((sum, each) => sum + each, 0);
    const perDisconnect = count / disconnects;
    const leak = { ...held, count, disconnects, perDisconnect, ...timesOf(rounds) };
    return isTolerated(leak, tolerance) ? [leak] : [];
  });
}
