/** Decides whether a longer round confirms that memory grows with each event. Pure. */
import { countOf, heldKey } from '../result/held.ts';
import type { Leak } from '../result/leak-result.ts';
import type { ModeRound } from './leaks.ts';

/** A history that is being filled grows by less per event over a longer time, and a leak does not. */
const leastShare = 0.5;

/** @param longer a round whose streams stayed open for longer */
export const isGrowthConfirmed = (
  leak: Leak,
  { grown, disconnects }: Pick<ModeRound, 'grown' | 'disconnects'>,
): boolean => countOf(grown, heldKey(leak)) / disconnects >= leastShare * leak.perDisconnect;
