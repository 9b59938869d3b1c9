/** Which growth of quick rounds is in proportion to their disconnects. Pure. */
import { mustConfirm, type Noise } from '../../result/held.ts';
import type { Leak } from '../../result/leak-result.ts';
import { certainPerDisconnect, type CountedRound } from '../../verdict/confirm.ts';
import { suspectsOf } from '../../verdict/leaks.ts';
import { isInProportion } from '../../verdict/stable-growth.ts';
import type { SearchOptions } from './search.ts';

export interface InProportion {
  leaks: Leak[];
  /** Everything that may be a leak, also out of proportion. */
  suspects: readonly Leak[];
  /** Whether nothing else may be a leak, except responses, and little beside larger leaks. */
  isAll: boolean;
  /** Whether an ignored leak explains the responses. */
  ignores: boolean;
}

export function inProportion(
  rounds: readonly CountedRound[],
  noise: Noise,
  { most, isIgnored, byChance }: Pick<SearchOptions, 'most' | 'isIgnored'> & { byChance: boolean },
): InProportion {
  const suspects = suspectsOf(rounds, most, noise);
  const isSo = (leak: Leak) => isInProportion(leak, rounds, noise, byChance);
  const ignores = suspects.some(
    (leak) => leak.kind !== 'response' && isIgnored(leak) && isSo(leak),
  );
  const judged = suspects.filter(
    (leak) => !isIgnored(leak) && !(ignores && leak.kind === 'response'),
  );
  const leaking = judged.filter(isSo);
  // If the server leaks, that is to be fixed first. The next check can decide what is still unclear.
  const isCertain = leaking.some(({ kind }) => kind !== 'response' && !mustConfirm(kind));
  const isMinor = ({ perDisconnect }: Leak) => isCertain && perDisconnect < certainPerDisconnect;
  return {
    // If growth is in proportion, its mean varies less than its slope.
    leaks: leaking.map((leak) => ({ ...leak, perDisconnect: leak.count / leak.disconnects })),
    suspects: judged,
    isAll: judged.every((leak) => leak.kind === 'response' || isSo(leak) || isMinor(leak)),
    ignores,
  };
}

export const isSame = (one: InProportion, other: InProportion): boolean =>
  one.isAll && one.leaks.length === other.leaks.length;
