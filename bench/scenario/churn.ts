/** What streams that come and go add up to. Pure. */
import type { Churn } from './scenario.ts';

/** How many streams are open at once, about, when as many leave as come (Little's law); at the end of a ramp. */
export const openAtOnce = ({ perSecond, lifetimeMs }: Churn): number =>
  Math.ceil((perSecond * lifetimeMs) / 1_000);

/** How many come in all, about. */
export const arrivalsOf = ({ perSecond, spacing }: Churn, totalMs: number): number =>
  Math.ceil((perSecond * totalMs) / (spacing === 'ramp' ? 2_000 : 1_000));
