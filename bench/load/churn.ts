/**
 * An open model: streams arrive whether or not the server has served earlier ones, and disconnect
 * when their lifetime is over. Pure.
 */
import { randomFrom } from '../statistics/random.ts';
import type { Churn } from '../scenario/kinds/churn.ts';
import type { Unnumbered } from './arrival.ts';

/**
 * No stream arrives this close to the end: a late arrival could not be distinguished from one
 * that never started.
 */
const lastBeforeEndMs = 50;

/**
 * Plans the arrivals. Spacings:
 *
 * - Constant: one arrival each `1 / perSecond`.
 * - Poisson: exponentially distributed gaps, so that arrivals are independent of each other.
 * - Ramp: the rate grows linearly from 0 to the given rate at the end (arrival k comes at
 *   T √(k / n)).
 *
 * Random lifetimes are exponentially distributed with the given mean.
 *
 * @param totalMs from the first arrival to the end of the measurement
 */
export function planChurn(
  { perSecond, spacing, lifetimeMs, lifetimes }: Omit<Churn, 'kind'>,
  totalMs: number,
  seed: number,
): Unnumbered[] {
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
    disconnectAtMs: atMs + (lifetimes === 'fixed' ? lifetimeMs : exponential(lifetimeMs)),
  }));
}
