/** An open model: streams that arrive whether or not earlier ones were served, and leave when their time is over. Pure. */
import { randomFrom } from '../statistics/random.ts';
import type { Churn } from '../scenario/kinds/churn.ts';
import type { Arrival } from './arrival.ts';

/** Who came later than this before the end could not be told from who never came. */
const lastBeforeEndMs = 50;

/**
 * Constant: one each `1 / rate`. Poisson: gaps of an exponential distribution, so that arrivals know nothing of each other.
 * Ramp: the rate grows evenly from nothing to what is asked for at the end (the k-th comes at T √(k / n)).
 * Random lifetimes are of an exponential distribution with the mean that was asked for.
 *
 * @param totalMs from the first arrival to the end of the measuring
 */
export function planChurn(
  { perSecond, spacing, lifetimeMs, lifetimes }: Omit<Churn, 'kind'>,
  totalMs: number,
  seed: number,
): Arrival[] {
  const random = randomFrom(seed);
  const exponential = (mean: number) => -Math.log(1 - random()) * mean;
  const endMs = totalMs - lastBeforeEndMs;
  const gapMs = 1_000 / perSecond;
  const timesMs: number[] = [];
  if (spacing === 'ramp') {
    const all = (perSecond * totalMs) / 2_000;
    for (let k = 0.5; totalMs * Math.sqrt(k / all) < endMs; k++)
      timesMs.push(totalMs * Math.sqrt(k / all));
  } else {
    for (
      let atMs = spacing === 'constant' ? 0 : exponential(gapMs);
      atMs < endMs;
      atMs += spacing === 'constant' ? gapMs : exponential(gapMs)
    )
      timesMs.push(atMs);
  }
  return timesMs.map((atMs) => ({
    atMs,
    cohort: 'paced',
    leaveAtMs: atMs + (lifetimes === 'fixed' ? lifetimeMs : exponential(lifetimeMs)),
  }));
}
