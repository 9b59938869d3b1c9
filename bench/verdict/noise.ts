/**
 * How much a server's counts rise while no client is connected. Pure.
 *
 * A busy server has timers and connections of other work. Their number changes from one inspection to the next, whether
 * clients come or not: that is noise. Its measure is the largest rise: the most by which a count rose between any two
 * inspections in a window without clients. A count that did not rise there is quiet, as nearly all counts are.
 *
 * A finding in a noisy count is reported only if it passes three tests, each with other rounds:
 *
 * 1. Over the usual rounds, the count rose by more than the largest rise in a window without clients.
 * 2. A second window without clients is watched, for as long as a round takes. In the first confirming round the count
 *    rose by more than the largest rise of both windows.
 * 3. From the first confirming round to the second one it rose by more than three times that, in both inspections
 *    (`confirm.ts`).
 *
 * False alarms. For a background without memory, the chances to pass are 6.5 %, 3.1 % and 0.007 %: together fewer than 1 in
 * a million modes. For a background that drifts at random, such as jobs that last for minutes, they are 23 %, 16 % and
 * 1.7 %: together 6 in 10,000. `leaks/search.test.ts` simulates thousands of such servers, and counts false alarms and
 * misses.
 *
 * Misses. Noise depends on time, and a leak depends on disconnects, which cost little time. So rounds of a noisy server
 * have more crowds, until a leak of one in three disconnects stands out (`wavesFor`).
 */
import { countsOf, isRate, type Held, type Noise } from '../result/held.ts';

/** In a window without clients. Each stops the server for a moment. */
export const idleInspections = 8;
/** The smallest leak that a noisy count must show. */
const leastLeak = 1 / 3;
/** What rounds must add to a count for that to be seen, in largest rises: what the test asks for, and what noise takes away. */
export const seenAbove = { usual: 3.5, confirming: 7 };
/** More crowds than that would take too long. */
const mostWaves = 10;

/** @param looks inspections in a window without clients, in order */
export function largestRises(looks: readonly (readonly Held[])[]): Noise {
  const least = new Map<string, number>();
  const rises = new Map<string, number>();
  const all = looks.map(countsOf);
  for (const key of new Set(all.flatMap((counts) => [...counts.keys()]))) {
    for (const counts of all) {
      const count = counts.get(key) ?? 0;
      least.set(key, Math.min(least.get(key) ?? Infinity, count));
      const rise = count - least.get(key)!;
      if (rise > (rises.get(key) ?? 0)) rises.set(key, rise);
    }
  }
  return rises;
}

/** Of each count the larger noise. */
export function mostNoise(one: Noise, other: Noise): Noise {
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
 * How many crowds, one after the other, make a round from which a leak stands out: disconnects cost little time, and noise
 * depends on time alone.
 *
 * @param disconnects by which one wave makes the compared inspections differ
 * @param above of `seenAbove`
 */
export function wavesFor(noise: Noise, disconnects: number, above: number): number {
  const rises = [...noise].filter(([key]) => !isRateKey(key)).map(([, rise]) => rise);
  return Math.min(
    mostWaves,
    Math.max(1, Math.ceil((above * Math.max(0, ...rises)) / (disconnects * leastLeak))),
  );
}

const isRateKey = (key: string) => isRate(key.split('|')[0] as Held['kind']);
