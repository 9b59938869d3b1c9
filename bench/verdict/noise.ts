/**
 * Measures how much a server's counts rise while no client is connected. Pure.
 *
 * A busy server has timers and connections for other work. Their number changes between
 * inspections, with or without clients: that is noise. Its measure is the largest rise: the most by
 * which a count rose between any two inspections in a window without clients. A count that did not
 * change in the window is quiet, as nearly all counts are.
 *
 * One window can show much less noise than there is. With 600 timers that come and go at random, 35
 * is the usual rise, but one window in 50 shows only 7. So the first window that shows noise also
 * estimates it from the number of things. The count of independent things differs between
 * inspections by about the square root of twice their number.
 *
 * A finding in a noisy count is reported only if the count rose by more than three times the
 * largest rise in a confirming pair of rounds. This must hold in both inspections, and in each
 * round in proportion (`confirm.ts`). Each pair has its own window.
 *
 * Noise depends on time, and a leak depends on disconnects, which take little time. So the rounds
 * of a noisy server have more crowds, until a leak of one in three disconnects stands out
 * (`wavesFor`). `leaks/search/search.test.ts` simulates thousands of such servers, and counts false
 * alarms and misses.
 */
import {
  countsOf,
  grownBetween,
  isPending,
  isRate,
  noNoise,
  type Held,
  type HeldKind,
  type Noise,
} from '../result/held.ts';

/** Inspections in a window without clients. Each stops the server for a moment. */
export const idleInspections = 8;
/** The smallest leak that must be found in a noisy count, per disconnect. */
const leastLeak = 1 / 3;
/**
 * The effects that the rounds of a search must be able to show. `disconnects` is the number by
 * which one crowd makes the compared inspections differ. `pool` is the most that a pool may close
 * meanwhile. Both are per stream of the smaller usual round. `rises` is the sum of what the test
 * requires and what noise can hide.
 */
const mustShow = {
  usual: { disconnects: 2, pool: 2.2, rises: 2.5 },
  confirming: { disconnects: 4, pool: 0, rises: 7 },
};
/** More crowds, or more clients in small crowds, would take too long. */
const most = { waves: 12, clients: 600 };
/**
 * The largest rise in a window for things that come and go at random, in square roots of their
 * number.
 */
const usualRise = 2;
/**
 * A window shows at least this share of the usual rise. That limits the estimate if only a few of
 * many things change.
 */
const shownShare = 1 / 3;

/**
 * @param inspections inspections in a window without clients, in order
 * @param known noise of earlier windows
 * @returns the larger noise of each count
 */
export function largestRises(
  inspections: readonly (readonly Held[])[],
  known: Noise = noNoise,
): Noise {
  const all = inspections.map(countsOf);
  const keys = new Set(all.flatMap((counts) => [...counts.keys()]));
  const rises = [...keys].flatMap((key): [string, number][] => {
    const counts = all.map((each) => each.get(key) ?? 0);
    // In later windows the count also includes leaked things, which do not come and go.
    const isFirst = !known.has(key) && !isRateKey(key);
    const rise = Math.max(largestRise(counts), isFirst ? likelyRise(counts) : 0);
    return rise > 0 ? [[key, rise]] : [];
  });
  return mostNoise(known, new Map(rises));
}

/** The largest difference between a count and any later one. */
function largestRise(counts: readonly number[]): number {
  let [least, rise] = [Infinity, 0];
  for (const count of counts) {
    least = Math.min(least, count);
    rise = Math.max(rise, count - least);
  }
  return rise;
}

/**
 * The expected rise of this number of independent things that come and go; 0 if the count did not
 * change.
 */
function likelyRise(counts: readonly number[]): number {
  const least = Math.min(...counts);
  return Math.min(usualRise * Math.sqrt(least), (Math.max(...counts) - least) / shownShare);
}

/** The larger noise of each count. */
function mostNoise(one: Noise, other: Noise): Noise {
  return new Map(
    [...one, ...other].map(([key]) => [key, Math.max(one.get(key) ?? 0, other.get(key) ?? 0)]),
  );
}

/** Whether any count has changed, except those of code that waits. */
export const differ = (one: readonly Held[], other: readonly Held[]): boolean =>
  !areEqual(one, other, (key) => (isPendingKey(key) ? Infinity : 0));

/**
 * Whether no count has changed, except noisy ones, those of loops between two sleeps, and those of
 * code that waits.
 *
 * @param noise counts in it are ignored
 */
export const areSteady = (one: readonly Held[], other: readonly Held[], noise: Noise): boolean =>
  areEqual(one, other, (key, count) =>
    noise.has(key) || isPendingKey(key) ? Infinity : betweenSleeps(key, count),
  );

/** Whether some counts fell from one inspection to another, and none ever rose. */
export function onlyFell(inspections: readonly (readonly Held[])[]): boolean {
  const pairs = inspections.slice(1).map((next, place) => [inspections[place]!, next] as const);
  const rose = ([last, next]: (typeof pairs)[number]) =>
    grownBetween(last, next).some(({ kind }) => !isPending(kind));
  return pairs.some(([last, next]) => differ(last, next)) && !pairs.some(rose);
}

function areEqual(
  one: readonly Held[],
  other: readonly Held[],
  slackOf: (key: string, count: number) => number,
): boolean {
  const [these, those] = [countsOf(one), countsOf(other)];
  return [...these.keys(), ...those.keys()].every((key) => {
    const [a, b] = [these.get(key) ?? 0, those.get(key) ?? 0];
    return Math.abs(a - b) <= slackOf(key, Math.max(a, b));
  });
}

/** This share of the loops that sleep, and at least one, can be between two sleeps. */
const sleepless = { share: 0.02, least: 1 };

/**
 * How many things of a count can be missing at a moment: a loop that sleeps may have no timer
 * between two sleeps. 0 for all other counts.
 */
export const betweenSleeps = (key: string, count: number): number =>
  key.startsWith('timer|setTimeout|') && count > 0
    ? Math.max(sleepless.least, sleepless.share * count)
    : 0;

/**
 * How many crowds a round needs, one after another, for a leak to stand out; 1 if no count is
 * noisy.
 *
 * @param streams in the smaller usual round
 */
export function wavesFor(noise: Noise, streams: number, round: keyof typeof mustShow): number {
  const rise = Math.max(0, ...[...noise].map(([key, each]) => (isRateKey(key) ? 0 : each)));
  if (rise === 0) return 1;
  const { disconnects, pool, rises } = mustShow[round];
  return Math.min(
    Math.max(most.waves, Math.ceil(most.clients / streams)),
    Math.ceil((rises * rise + pool * streams) / (disconnects * streams * leastLeak)),
  );
}

const kindOf = (key: string) => key.split('|')[0] as HeldKind;
const isRateKey = (key: string) => isRate(kindOf(key));
/** Whether the key is that of code that waits; see `isPending`. */
export const isPendingKey = (key: string): boolean => isPending(kindOf(key));
