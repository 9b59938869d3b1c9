/**
 * Decides which findings are certain after the usual rounds, and which of the others a pair of
 * rounds confirms or refutes. Pure.
 *
 * The usual rounds differ in the number of clients connected at once, and so do the server's pools:
 * of database connections, keep-alive connections or threads. A pool grows with the most clients at
 * once, and a leak with the number of disconnects. The confirming rounds tell them apart: both have
 * crowds of the same size, one after another, and the second round has twice as many crowds. A pool
 * is as full after the second round as after the first; a leak has added to the count.
 *
 * Two inspections of each round are compared. The first happens when the clients have just
 * disconnected: a pool is at its fullest then, so it does not matter when the pool closes idle
 * members. The second happens at the deadline: by then, everything that is released in time has
 * been released.
 *
 * If a pair neither confirms nor refutes a finding, another pair with more crowds follows: a leak
 * grows with them, and a pool or noise does not. A growth of up to one crowd is confirmed only if
 * another pair shows the same rate.
 */
import { countOf, heldKey, isRate, mustConfirm, type Held, type Noise } from '../result/held.ts';
import { isHidden, type ModeRound } from './leaks.ts';
import type { Leak } from '../result/leak-result.ts';

/** A round with all its counts, including those that did not grow. */
export interface CountedRound extends ModeRound {
  /** Before the round. */
  before: readonly Held[];
  /** When the clients had just disconnected. */
  first: readonly Held[];
  /** At the deadline, or as soon as the server held no more than before. */
  held: readonly Held[];
  /** After a second wait of the same length for what had grown. */
  after: readonly Held[];
}

/** Fewer leaks per disconnect can be chance. */
export const certainPerDisconnect = 0.25;
/**
 * Minimum ratio between the growth of a round and the mean, and between a later and an earlier
 * count.
 */
export const about = 0.9;
/**
 * For late releases, the confirming rounds must show this share of what the usual rounds predict,
 * because some are released between the rounds.
 */
const expectedShare = 0.5;
/** A growth below this share of what the usual rounds predict is small. */
const littleShare = 0.25;
/** In multiples of the largest rise without clients. */
const aboveNoise = 3;
/**
 * A pool may grow by this share of a crowd, because a random number of clients of the last crowd
 * are still connected.
 */
const poolSlack = 0.2;
/**
 * A pool may grow by this many crowds if the work for one crowd lasts until the next one comes. On
 * a busy machine that happens in some rounds, and not in others.
 */
const overlappingCrowds = 1 + poolSlack;
/**
 * A later pair must show this share of the rate of an earlier one. It has at least twice as many
 * disconnects, and a pool then shows at most half of the rate.
 */
const sameRate = 2 / 3;

/**
 * Whether only a leak can have such counts. They are constant without clients and proportional to
 * the disconnects, and nothing is released later. They exceed all earlier counts, so it is not just
 * a pool that has filled again.
 *
 * @param mark the most that was held after any earlier round
 */
export function isCertain(
  leak: Leak,
  rounds: readonly CountedRound[],
  mark: readonly Held[],
  noise: Noise,
): boolean {
  const key = heldKey(leak);
  if ((noise.get(key) ?? 0) > 0 || mustConfirm(leak.kind)) return false;
  if (isRate(leak.kind)) return true;
  const mean = leak.count / leak.disconnects;
  const isAbout = (one: number, other: number) => one >= about * other && other >= about * one;
  const growth = (before: readonly Held[], later: readonly Held[]) =>
    countOf(later, key) - countOf(before, key);
  const isInProportion = rounds.every(({ before, held, disconnects }) =>
    isAbout(growth(before, held), mean * disconnects),
  );
  const stays = rounds.every(({ before, held, after }) =>
    isAbout(growth(before, after), growth(before, held)),
  );
  return (
    mean >= certainPerDisconnect &&
    isInProportion &&
    stays &&
    countOf(rounds.at(-1)!.held, key) > countOf(mark, key)
  );
}

/** `likely`: a pool may have grown as much by chance, so another pair must show the same rate. */
export type Judgement = 'confirmed' | 'likely' | 'refuted' | 'unclear';

/**
 * Whether a pair of rounds shows that a count grows with the disconnects.
 *
 * @param usual the rounds that made it a suspect; their growth can be that of a pool
 * @param pair rounds with crowds of the same size; the second has more crowds
 * @param atOnce number of clients in each crowd
 * @param likely leaks per disconnect in an earlier pair that made the leak likely
 */
export function judge(
  leak: Leak,
  usual: readonly CountedRound[],
  [smaller, larger]: readonly [CountedRound, CountedRound],
  noise: Noise,
  atOnce: number,
  likely?: number,
): Judgement {
  const key = heldKey(leak);
  const rise = noise.get(key) ?? 0;
  const growth = (before: readonly Held[], later: readonly Held[]) =>
    countOf(later, key) - countOf(before, key);
  // Timers that are due together wake a process once, so rates do not add up.
  if (isRate(leak.kind))
    return growth(smaller.before, larger.held) > aboveNoise * rise ? 'confirmed' : 'refuted';
  const isGrowth = (count: number) => count > Math.max(aboveNoise * rise, poolSlack * atOnce);
  const atPeak = growth(smaller.first, larger.first);
  const inSmaller = growth(smaller.before, smaller.held);
  const inTime = growth(smaller.held, larger.held);
  const inAll = growth(smaller.before, larger.held);
  // A count that fell shows that a pool closed members, which can hide an equal number of leaks.
  const more = larger.disconnects - smaller.disconnects;
  if (
    Math.abs(atPeak) <= Math.max(rise, littleOf(leak, more, atOnce)) ||
    Math.max(inTime, inAll) <= rise
  )
    return 'refuted';
  const stays =
    isGrowth(inTime) ||
    isLate(leak, usual, { smaller, larger, atPeak, inSmaller, inAll, isGrowth });
  // The smaller round has half as many disconnects as the larger one.
  if (!isGrowth(atPeak) || !isGrowth(2 * inSmaller) || !stays) return 'unclear';
  if (likely !== undefined && atPeak >= sameRate * likely * larger.disconnects) return 'confirmed';
  return atPeak > rise + overlappingCrowds * atOnce ? 'confirmed' : 'likely';
}

/**
 * A growth so small that more rounds are not worth their time: half of what a pool may grow by. It
 * applies to counts that only changed, and to those whose prediction was several times larger. A
 * small leak is tried again.
 */
function littleOf(leak: Leak, disconnects: number, atOnce: number): number {
  const little = (poolSlack * atOnce) / 2;
  const hadPromisedMore = littleShare * leak.perDisconnect * disconnects >= little;
  return isHidden(leak) || hadPromisedMore ? little : 0;
}

/**
 * Whether it is released after the deadline. The clients of the first crowds disconnected long
 * before the deadline of the last crowd. So releases that are only a little late have happened by
 * then, and both rounds show the same count.
 */
function isLate(
  leak: Leak,
  usual: readonly CountedRound[],
  pair: {
    smaller: CountedRound;
    larger: CountedRound;
    atPeak: number;
    inSmaller: number;
    inAll: number;
    isGrowth(count: number): boolean;
  },
): boolean {
  const key = heldKey(leak);
  const { smaller, larger, atPeak, inSmaller, inAll, isGrowth } = pair;
  const isExpected = (count: number, disconnects: number) =>
    isGrowth(count) && count >= expectedShare * leak.perDisconnect * disconnects;
  return (
    !isHidden(leak) &&
    usual.every(
      ({ before, held, after }) =>
        countOf(after, key) - countOf(before, key) <=
        (countOf(held, key) - countOf(before, key)) / 2,
    ) &&
    isExpected(inSmaller, smaller.disconnects) &&
    isExpected(inAll, smaller.disconnects) &&
    isExpected(atPeak, larger.disconnects - smaller.disconnects)
  );
}
