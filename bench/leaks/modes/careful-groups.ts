/** Searches for leaks once per group of clients after rounds that waited for their deadlines. */
import type { Leak } from '../../result/leak-result.ts';
import type { DisconnectMode } from '../../scenario/disconnect-modes.ts';
import { isHeldPerGroup } from '../../verdict/group-leaks.ts';
import type { Examination } from '../round/examination.ts';
import { tryGroups } from '../search/group-rounds.ts';
import { hold } from '../round/hold.ts';
import type { Round } from '../round/round.ts';
import type { Searched, SearchOptions } from '../search/search.ts';
import type { Baseline } from '../round/baseline.ts';

/**
 * On a server with noisy counts, each round has several crowds, so its groups are not counted.
 *
 * @param searchRounds the rounds of a search without findings
 * @param mark the most that was held before these rounds
 * @returns all rounds, and the leaks that they confirm
 */
export async function searchGroups(
  examination: Examination,
  mode: DisconnectMode,
  searched: Searched<Round>,
  searchRounds: readonly Round[],
  mark: Baseline,
  options: SearchOptions,
): Promise<{ rounds: Round[]; leaks: Leak[] }> {
  const usual = searchRounds.slice(0, 2 * options.pairs);
  const [first] = usual;
  const isQuiet = examination.noise.size === 0;
  if (first === undefined || !isQuiet) return { rounds: [...searchRounds], leaks: [] };
  const groups = await tryGroups(searched, usual, options);
  const rounds = [...searchRounds, ...groups.rounds];
  if (groups.leaks.length === 0) return { rounds, leaks: [] };
  const before = {
    held: first.before,
    glance: { connections: undefined, timers: undefined },
    tookMs: 0,
  };
  const { held, afterMs } = await hold(examination, mode, 1, { before, mark });
  const all = [...usual, ...groups.rounds];
  const leaks = groups.leaks.filter((leak) => isHeldPerGroup(leak, all, held, mark.held));
  return { rounds, leaks: leaks.map((leak) => ({ ...leak, afterMs })) };
}
