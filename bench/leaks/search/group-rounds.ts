/** Small rounds, which show whether something leaks once for each group of clients. */
import type { Leak } from '../../result/leak-result.ts';
import type { CountedRound } from '../../verdict/confirm.ts';
import { clientsInGroup, groupRounds, groupSuspectsOf } from '../../verdict/group-leaks.ts';
import type { Searched, SearchOptions } from './search.ts';

/**
 * Adds a small round for as long as each one adds the same again. Without such growth there is no
 * small round.
 *
 * @param usual rounds of at least two sizes
 * @returns the small rounds, and the leaks if all of them agree
 */
export async function tryGroups<R extends CountedRound>(
  searched: Pick<Searched<R>, 'round' | 'noise'>,
  usual: readonly R[],
  options: Pick<SearchOptions, 'most' | 'isIgnored'>,
): Promise<{ rounds: R[]; leaks: Leak[] }> {
  const rounds: R[] = [];
  for (;;) {
    const leaks = perGroup([...usual, ...rounds], searched, options);
    if (leaks.length === 0 || rounds.length === groupRounds) return { rounds, leaks };
    const round = await searched.round({ streams: clientsInGroup, waves: 1, wait: 'stable' });
    if (round === undefined) return { rounds, leaks: [] };
    rounds.push(round);
  }
}

/** Things that grew by the same small number in each of these rounds, without ignored ones. */
export const perGroup = <R extends CountedRound>(
  rounds: readonly R[],
  { noise }: Pick<Searched<R>, 'noise'>,
  { most, isIgnored }: Pick<SearchOptions, 'most' | 'isIgnored'>,
): Leak[] =>
  groupSuspectsOf(rounds, noise()).filter((leak) => leak.perDisconnect > most && !isIgnored(leak));
