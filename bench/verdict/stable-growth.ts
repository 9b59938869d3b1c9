/**
 * Decides which growth is a leak without waiting for the deadline after each round. Pure.
 *
 * The rounds follow one another as soon as three inspections in a row count the same. Such growth
 * is not yet a leak, because the server may release it before the deadline. So the last inspection
 * happens after the deadline of the last round. Growth that it still counts has missed the deadline.
 *
 * Two rounds differ in the number of clients at once, and so do pools. A third round has as many
 * disconnects as the second, in two crowds of the size of the first. A pool, which is full by then,
 * does not grow in it; a leak grows as in the second.
 */
import {
  countOf,
  grownBetween,
  heldKey,
  isPending,
  isRate,
  type Held,
  type Noise,
} from '../result/held.ts';
import type { Leak } from '../result/leak-result.ts';
import { about, certainPerDisconnect, type CountedRound } from './confirm.ts';
import { betweenSleeps } from './noise.ts';

const growth = (key: string, before: readonly Held[], later: readonly Held[]) =>
  countOf(later, key) - countOf(before, key);

/**
 * If a part of the disconnects leaks, chance decides which. The counts of two rounds then differ by
 * this number of standard deviations.
 */
const deviations = 3;

/**
 * Whether the count is constant without clients, and grew in proportion to the disconnects.
 *
 * @param byChance whether the counts may also differ by chance; a pool of varying size then needs a
 * round in which it does not grow
 */
export function isInProportion(
  leak: Leak,
  rounds: readonly CountedRound[],
  noise: Noise,
  byChance: boolean,
): boolean {
  const key = heldKey(leak);
  if (noise.has(key) || isRate(leak.kind)) return false;
  const counts = rounds.map(({ before, held }) => growth(key, before, held));
  const sum = (all: readonly number[]) => all.reduce((total, each) => total + each, 0);
  const mean = sum(counts) / sum(rounds.map(({ disconnects }) => disconnects));
  return (
    mean >= certainPerDisconnect &&
    rounds.every(({ disconnects }, place) => {
      const expected = mean * disconnects;
      const chance = byChance ? deviations * Math.sqrt(expected * Math.max(0, 1 - mean)) : 0;
      return Math.abs(counts[place]! - expected) <= Math.max((1 - about) * expected, chance);
    })
  );
}

/**
 * Whether the growth of at least the last round has missed the deadline. Growth of earlier rounds
 * may be gone by then, because its deadline was earlier.
 *
 * @param before at the start of the first round
 * @param held after the deadline of the last round
 * @param mark the most that was held before the first round
 */
export function isStillHeld(
  leak: Leak,
  rounds: readonly CountedRound[],
  before: readonly Held[],
  held: readonly Held[],
  mark: readonly Held[],
): boolean {
  const key = heldKey(leak);
  const last = rounds.at(-1)!;
  // Code that waits is left out of the noise, so it may also grow without clients.
  if (isPending(leak.kind) && growth(key, last.held, held) > (1 - about) * leak.count) return false;
  return (
    growth(key, before, held) >= about * growth(key, last.before, last.held) &&
    countOf(held, key) > countOf(mark, key)
  );
}

/** Whether some of the growth has disappeared, and some is still there. */
export function isDisappearing(
  leak: Leak,
  before: readonly Held[],
  held: readonly Held[],
): boolean {
  const left = growth(heldKey(leak), before, held);
  return left > 0 && left < about * leak.count;
}

/** Whether more than a few of the leaked things were released between two inspections. */
export const isReleasedBetween = (
  leak: Leak,
  earlier: readonly Held[],
  later: readonly Held[],
): boolean => growth(heldKey(leak), later, earlier) > (1 - about) * leak.count;

/**
 * Whether all growth is that of leaks which are known from another mode, at the same rate. Then one
 * inspection is enough: a later one must still show that the growth has missed its deadline.
 *
 * @param rates of known leaks per disconnect, by `heldKey`
 */
export function isAsKnown(
  rates: ReadonlyMap<string, number>,
  before: readonly Held[],
  held: readonly Held[],
  disconnects: number,
): boolean {
  const grown = grownBetween(before, held).filter((each) => !isConsequence(each));
  return (
    grown.length > 0 &&
    grown.every((each) => {
      const expected = (rates.get(heldKey(each)) ?? 0) * disconnects;
      const isOften = expected >= certainPerDisconnect * disconnects;
      return isOften && Math.abs(each.count - expected) <= (1 - about) * expected;
    }) &&
    grownBetween(held, before).every(isConsequence)
  );
}

/** Leaks also hold responses, and code that waits. */
const isConsequence = ({ kind }: Held): boolean => kind === 'response' || isPending(kind);

/** How much a count grew in a mode. */
export interface Growth {
  /** See `heldKey`. */
  key: string;
  count: number;
}

/**
 * The counts of which less is held than their growth in all modes together. A difference must be
 * small compared with the growth in each mode, so that no mode can hide in the sum.
 *
 * @param before at the start of the first mode
 * @param held after the deadline of the last mode
 */
export function releasedOf(
  modes: readonly (readonly Growth[])[],
  before: readonly Held[],
  held: readonly Held[],
): Set<string> {
  const all = modes.flat();
  return new Set(
    all
      .map(({ key }) => key)
      .filter((key) => {
        const counts = all.filter((each) => each.key === key).map(({ count }) => count);
        const sum = counts.reduce((total, count) => total + count, 0);
        const missing = sum - growth(key, before, held);
        const slack = betweenSleeps(key, countOf(held, key));
        return missing > Math.max(slack, (1 - about) * Math.min(...counts));
      }),
  );
}
