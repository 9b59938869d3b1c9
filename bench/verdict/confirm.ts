/**
 * Which findings are certain after the usual rounds, and which of the others a pair of rounds confirms or refutes. Pure.
 *
 * The usual rounds differ in the number of clients that are connected at once, and so do the pools of a server: of
 * connections to a database, of keep-alive connections, of threads. A pool grows with the most clients at once, and a leak
 * with the number of disconnects. The confirming rounds tell them apart: both have crowds of the same size, one crowd
 * after the other, and the second round has twice as many crowds. A pool is as full after the second round as after the
 * first one; a leak has added to the count.
 *
 * Two inspections of each round are compared. One is made when the clients have just left: a pool is at its fullest then,
 * so that it does not matter when it closes what is idle. The other is made at the deadline: what is released later than
 * the first inspection, but in time, is gone.
 *
 * A pair that neither confirms nor refutes is followed by one with more crowds: a leak grows with them, and a pool or
 * noise does not.
 */
import { countOf, heldKey, isRate, type Held, type Noise } from '../result/held.ts';
import { isHidden, type Leak, type ModeRound } from './leaks.ts';

/** A round with everything that was counted, also of what did not grow. */
export interface CountedRound extends ModeRound {
  /** Before it. */
  before: readonly Held[];
  /** When its clients had just left. */
  first: readonly Held[];
  /** At the deadline, or as soon as nothing was there that was not there before. */
  held: readonly Held[];
  /** When what had grown was waited for as long again. */
  after: readonly Held[];
}

/** Fewer in a round may be chance. */
const certainPerDisconnect = 0.25;
/** How far each round may be from the mean, and a later count from an earlier one. */
const about = 0.9;
/** Of what the usual rounds let expect of what is late, the confirming rounds must show this share: some goes between them. */
const expectedShare = 0.5;
/** As much of what the usual rounds let expect is little. */
const littleShare = 0.25;
/** In largest rises without clients. */
const aboveNoise = 3;
/** A crowd meets some of the last one, by chance more or fewer: a pool may grow by this share of a crowd. */
const poolSlack = 0.2;

/**
 * Whether nothing but a leak has such counts: they do not change without clients; they are in proportion to the
 * disconnects; nothing of them goes later; and there are more than ever before, so that no pool has only been filled again.
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
  if ((noise.get(key) ?? 0) > 0) return false;
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

export type Judgement = 'confirmed' | 'refuted' | 'unclear';

/**
 * Whether a pair of rounds shows that a count grows with the disconnects.
 *
 * @param usual the rounds that made it a suspect; what they let expect may be the work of a pool
 * @param pair rounds with crowds of the same size, of which the second has more of them
 * @param atOnce how many clients each crowd has
 */
export function judge(
  leak: Leak,
  usual: readonly CountedRound[],
  [smaller, larger]: readonly [CountedRound, CountedRound],
  noise: Noise,
  atOnce: number,
): Judgement {
  const key = heldKey(leak);
  const rise = noise.get(key) ?? 0;
  const growth = (before: readonly Held[], later: readonly Held[]) =>
    countOf(later, key) - countOf(before, key);
  // Timers that are due together wake a process once, so rates need not add up.
  if (isRate(leak.kind))
    return growth(smaller.before, larger.held) > aboveNoise * rise ? 'confirmed' : 'refuted';
  const isGrowth = (count: number) => count > Math.max(aboveNoise * rise, poolSlack * atOnce);
  const atPeak = growth(smaller.first, larger.first);
  const inSmaller = growth(smaller.before, smaller.held);
  const inTime = growth(smaller.held, larger.held);
  const inAll = growth(smaller.before, larger.held);
  // Where it fell, a pool closed members, and may hide as many that leak.
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
  return isGrowth(atPeak) && isGrowth(2 * inSmaller) && stays ? 'confirmed' : 'unclear';
}

/**
 * What is so little that no more rounds are worth their time: half of what a pool may grow by where a finding only changed,
 * or had promised several times as much. A small leak is tried again.
 */
function littleOf(leak: Leak, disconnects: number, atOnce: number): number {
  const little = (poolSlack * atOnce) / 2;
  const hadPromisedMore = littleShare * leak.perDisconnect * disconnects >= little;
  return isHidden(leak) || hadPromisedMore ? little : 0;
}

/**
 * Whether it is released after the deadline. The clients of the first crowds left long before the deadline of the last
 * one: what is a little late is gone by then, so that both rounds show the same.
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
