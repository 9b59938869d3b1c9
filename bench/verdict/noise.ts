/**
 * How much a server's counts rise while no client is connected. Pure.
 *
 * A busy server has timers and connections of other work. Their number changes from one inspection to the next, whether
 * clients come or not: that is noise. Its measure is the largest rise: the most by which a count rose between any two
 * inspections in a window without clients. A count that did not change there is quiet, as nearly all counts are.
 *
 * One window may show much less than there is: of 600 timers that come and go at random, one window in fifty shows a rise
 * of 7, where 35 are usual. So the first window that shows noise also tells how many things there are: things that come
 * and go independently of each other differ from one inspection to the next by about the root of twice their number.
 *
 * A finding in a noisy count is reported only if the count rose by more than three times the largest rise in a confirming
 * pair of rounds, in both inspections, and in each round in proportion (`confirm.ts`). Each pair has a window of its own.
 *
 * Noise depends on time, and a leak depends on disconnects, which cost little time. So rounds of a noisy server have more
 * crowds, until a leak of one in three disconnects stands out (`wavesFor`). `leaks/search.test.ts` simulates thousands of
 * such servers, and counts false alarms and misses.
 */
import { countsOf, isRate, noNoise, type Held, type Noise } from '../result/held.ts';

/** In a window without clients. Each stops the server for a moment. */
export const idleInspections = 8;
/** The smallest leak that a noisy count must show. */
const leastLeak = 1 / 3;
/**
 * What the rounds of a search must show. Disconnects are those by which one crowd makes the compared inspections differ,
 * and pool is the most that a pool may close meanwhile: both for each stream of the smaller usual round. Rises are what
 * the test asks for, and what noise takes away.
 */
const mustShow = {
  usual: { disconnects: 2, pool: 2.2, rises: 2.5 },
  confirming: { disconnects: 4, pool: 0, rises: 7 },
};
/** More crowds, or in small crowds more clients, would take too long. */
const most = { waves: 12, clients: 600 };
/** Of things that come and go at random, the largest rise of a window, in roots of their number. */
const usualRise = 2;
/** A window shows at least one part in so many of what is usual: that bounds the guess where few of many things change. */
const shownShare = 1 / 3;

/**
 * @param looks inspections in a window without clients, in order
 * @param known the noise that earlier windows showed
 * @returns of each count the larger noise
 */
export function largestRises(looks: readonly (readonly Held[])[], known: Noise = noNoise): Noise {
  const all = looks.map(countsOf);
  const keys = new Set(all.flatMap((counts) => [...counts.keys()]));
  const rises = [...keys].flatMap((key): [string, number][] => {
    const counts = all.map((each) => each.get(key) ?? 0);
    // Later, there are also things that have leaked, which do not come and go.
    const isFirst = !known.has(key) && !isRateKey(key);
    const rise = Math.max(largestRise(counts), isFirst ? likelyRise(counts) : 0);
    return rise > 0 ? [[key, rise]] : [];
  });
  return mostNoise(known, new Map(rises));
}

/** From the least to the most after it. */
function largestRise(counts: readonly number[]): number {
  let [least, rise] = [Infinity, 0];
  for (const count of counts) {
    least = Math.min(least, count);
    rise = Math.max(rise, count - least);
  }
  return rise;
}

/** What things of this number would rise by that come and go independently; 0 where the count did not change. */
function likelyRise(counts: readonly number[]): number {
  const least = Math.min(...counts);
  return Math.min(usualRise * Math.sqrt(least), (Math.max(...counts) - least) / shownShare);
}

/** Of each count the larger noise. */
function mostNoise(one: Noise, other: Noise): Noise {
  return new Map(
    [...one, ...other].map(([key]) => [key, Math.max(one.get(key) ?? 0, other.get(key) ?? 0)]),
  );
}

/** Whether any count has changed. */
export function differ(one: readonly Held[], other: readonly Held[]): boolean {
  const [these, those] = [countsOf(one), countsOf(other)];
  return [...these.keys(), ...those.keys()].some(
    (key) => (these.get(key) ?? 0) !== (those.get(key) ?? 0),
  );
}

/**
 * How many crowds, one after the other, make a round from which a leak stands out. One is enough where no count is noisy.
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

const isRateKey = (key: string) => isRate(key.split('|')[0] as Held['kind']);
