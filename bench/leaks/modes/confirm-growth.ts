/**
 * Confirms that open streams need more and more memory. Two rounds of three seconds can also show a
 * history that is not full yet, or a server whose memory grows without clients.
 */
import type { Leak } from '../../result/leak-result.ts';
import { isGrowthConfirmed } from '../../verdict/confirm-growth.ts';
import type { Examination } from '../round/examination.ts';
import { watchOpenStreams } from '../round/open-streams.ts';
import type { Round } from '../round/round.ts';
import type { Searched, SearchOptions } from '../search/search.ts';

/**
 * Watches the memory without clients, and then a round of streams that stay three times as long.
 * Findings of other kinds need neither.
 *
 * @returns all rounds, and the findings that remain
 */
export async function confirmGrowth(
  examination: Pick<Examination, 'server' | 'time' | 'signal'>,
  searched: Pick<Searched<Round>, 'round'>,
  { rounds, leaks }: { rounds: Round[]; leaks: Leak[] },
  { streams }: Pick<SearchOptions, 'streams'>,
): Promise<{ rounds: Round[]; leaks: Leak[] }> {
  if (!leaks.some(isGrowth)) return { rounds, leaks };
  const others = leaks.filter((leak) => !isGrowth(leak));
  if ((await watchOpenStreams(examination, streams)) > 0) return { rounds, leaks: others };
  const longer = await searched.round({ streams, waves: 1, wait: 'stable', staysLonger: true });
  if (longer === undefined) return { rounds, leaks: others };
  const confirmed = leaks.filter((leak) => !isGrowth(leak) || isGrowthConfirmed(leak, longer));
  return { rounds: [...rounds, longer], leaks: confirmed };
}

const isGrowth = ({ kind }: Leak): boolean => kind === 'growth';
