/**
 * Finds leaks that happen once for each group of clients: a shared source, for example, that starts
 * with the first client and does not stop with the last one. Pure.
 *
 * Such a count grows by the same number in each round, whatever its size. That alone proves little,
 * because other work can add one thing in each of two rounds. So small rounds follow, and each must
 * add the same number again. After that, the server has no client until the deadline. The count must
 * be constant in that time: a count that grows then grows with time, and not with groups.
 */
import { countOf, heldKey, isRate, isTraceable, type Held, type Noise } from '../result/held.ts';
import type { Leak } from '../result/leak-result.ts';
import type { CountedRound } from './confirm.ts';
import { timesOf } from './leaks.ts';
import { betweenSleeps } from './noise.ts';

/** Small rounds, each with one group of clients. */
export const groupRounds = 4;
export const clientsInGroup = 2;
/** One source is one or a few things. If more remain after a round, chance would not explain it. */
const mostPerGroup = 3;

const growth = (key: string, before: readonly Held[], later: readonly Held[]) =>
  countOf(later, key) - countOf(before, key);

/**
 * The things of which each round added the same small number. Entries are left out: a history of
 * groups, like any cache, grows until it is full.
 *
 * @param rounds of at least two sizes, each with one group of clients
 */
export function groupSuspectsOf(rounds: readonly CountedRound[], noise: Noise): Leak[] {
  const [first] = rounds;
  const disconnects = rounds.reduce((sum, round) => sum + round.disconnects, 0);
  return (first?.grown ?? []).flatMap((held): Leak[] => {
    const key = heldKey(held);
    if (!isTraceable(held.kind) || isRate(held.kind) || noise.has(key)) return [];
    const counts = rounds.map(({ before, held: later }) => growth(key, before, later));
    const [each] = counts as [number, ...number[]];
    if (each < 1 || each > mostPerGroup || counts.some((count) => count !== each)) return [];
    const count = each * rounds.length;
    const perDisconnect = count / disconnects;
    const groups = rounds.length;
    return [{ ...held, count, groups, perDisconnect, disconnects, ...timesOf(rounds) }];
  });
}

/**
 * Whether everything is still held after the deadline, and nothing was added without clients.
 *
 * @param rounds the usual rounds and the small ones
 * @param held after the deadline of the last round
 * @param mark the most that was held before the first round
 */
export function isHeldPerGroup(
  leak: Leak,
  rounds: readonly CountedRound[],
  held: readonly Held[],
  mark: readonly Held[],
): boolean {
  const key = heldKey(leak);
  const [before, last] = [rounds[0]!.before, rounds.at(-1)!.held];
  const missing = leak.count - growth(key, before, held);
  return (
    missing <= betweenSleeps(key, countOf(held, key)) &&
    growth(key, last, held) <= 0 &&
    countOf(held, key) > countOf(mark, key)
  );
}
