/** A mode as a quick search sees it, and the result of the search. */
import type { Held } from '../../result/held.ts';
import type { Leak } from '../../result/leak-result.ts';
import type { CountedRound } from '../../verdict/confirm.ts';
import type { Searched } from './search.ts';

/** A round that ended as soon as its growth was stable. */
export interface QuickRound extends CountedRound {
  /** Whether the counts returned, or did not change any more. */
  isStable: boolean;
  /** Whether some of its clients did not stay for the first event. */
  isHurried: boolean;
}

/** The counts after a deadline, compared with those before the first round. */
export interface Hold {
  grown: readonly Held[];
  shrunk: readonly Held[];
  held: readonly Held[];
  /** Time since the last disconnect. */
  afterMs: number;
  /**
   * Whether the inspection began too long after the deadline to prove that a release was in time.
   */
  isOverdue: boolean;
}

export interface QuicklySearched<R extends QuickRound> extends Searched<R> {
  /**
   * Waits until so many deadlines have passed since the last disconnect, or until the server holds
   * no more than before the first round.
   */
  hold(deadlines: number): Promise<Hold>;
  /** Whether the same thing has already leaked in another mode, and was not released later. */
  isKnown(leak: Leak): boolean;
  /** Whether the verdict on another mode waits for an inspection of this thing. */
  isDeferred(held: Held): boolean;
  /** These leaks as a report would show them: with names, and without consequences. */
  shown(leaks: readonly Leak[], rounds: readonly R[]): Promise<Leak[]>;
  /** Called as soon as these leaks are certain. It is not known yet whether they are released late. */
  found(leaks: readonly Leak[]): void;
  /** Whether a leak without a source line ends the search, because the probe can find its line. */
  needsLines: boolean;
  /** Whether the server had released what it held for the warm-up. */
  isSettled: boolean;
  /**
   * Whether the clients of smaller rounds do not stay for rare events. If something grows, but not
   * in proportion, other rounds replace these.
   */
  hurries: boolean;
}

export type QuickResult<R> =
  /** The mode cannot be tried. */
  | { state: 'impossible' }
  | { state: 'clean'; rounds: R[]; cleanAfterMs: number }
  /** `isReleasing`: some of it was released after the deadline, and more may follow. */
  | { state: 'leaking'; rounds: R[]; leaks: Leak[]; isReleasing: boolean }
  /** Only known leaks grew. A later inspection must show that they missed their deadline. */
  | { state: 'deferred'; rounds: R[]; leaks: Leak[] }
  /** A leak has no source line. */
  | { state: 'without line'; rounds: R[]; leaks: Leak[] }
  /** `hasReleased`: releases of earlier clients can be the reason for the doubt. */
  | { state: 'doubtful'; hasReleased: boolean };
