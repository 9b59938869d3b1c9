/**
 * How much a server's counts rise while no client is connected. Pure.
 *
 * A busy server has timers and connections of other work. Their number is another at each inspection, whether clients
 * come or not: that is noise. The measure of it is the largest rise: of all pairs of inspections in a window without
 * clients, the pair between which the count rose most. A count that did not rise there is quiet, as nearly all are.
 *
 * A finding in a quiet count is judged as it is. A finding in a noisy count is reported only if it passes two tests, which
 * use different rounds:
 *
 * 1. Over the usual rounds the count rose by more than the largest rise in a window as long without clients.
 * 2. Then a new window without clients is watched, for as long as a round takes, and a pair of rounds follows
 *    (`confirm.ts`). In each of its inspections the count must have risen by more than twice the largest rise so far.
 *
 * Of a background without memory the largest rise of `idleInspections` inspections is 2.3 standard deviations σ of the
 * count; the difference of two inspections has √2·σ. Test 2 alone then asks for 3.3 standard deviations of that
 * difference, a chance of 1 in 2,000, and test 1 for 1.6, a chance of 1 in 20. Of a background that drifts at random (jobs
 * that last for minutes), the largest rise is 1.25 standard deviations of the drift in the window, and the chances are 1
 * in 160 and 1 in 9, twice for the two inspections of test 2. `noise.test.ts` simulates thousands of such servers, and
 * measures both what is accused falsely and what is missed.
 */
import { countOf, heldKey, isRate, type Held, type Noise } from '../measure/held.ts';

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
  const keys = new Set(looks.flat().map(heldKey));
  const rises = [...keys].map((key): [string, number] => {
    let [least, rise] = [Infinity, 0];
    for (const look of looks) {
      const count = countOf(look, key);
      least = Math.min(least, count);
      rise = Math.max(rise, count - least);
    }
    return [key, rise];
  });
  return new Map(rises.filter(([, rise]) => rise > 0));
}

/** Of each count the larger noise. */
export function mostNoise(one: Noise, other: Noise): Noise {
  return new Map([...one, ...other].map(([key]) => [key, Math.max(one.get(key) ?? 0, other.get(key) ?? 0)]));
}

/** Whether any count has changed. */
export function differ(one: readonly Held[], other: readonly Held[]): boolean {
  return [...one, ...other].some((held) => countOf(one, heldKey(held)) !== countOf(other, heldKey(held)));
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
  return Math.min(mostWaves, Math.max(1, Math.ceil((above * Math.max(0, ...rises)) / (disconnects * leastLeak))));
}

const isRateKey = (key: string) => isRate(key.split('|')[0] as Held['kind']);
