/**
 * Searches one mode for leaks that leave no doubt, and waits for the deadline only once. If doubts
 * remain, `search` must decide.
 */
import {
  countOf,
  heldKey,
  isTraceable,
  mustConfirm,
  type Held,
  type Noise,
} from '../../result/held.ts';
import type { Leak } from '../../result/leak-result.ts';
import type { CountedRound } from '../../verdict/confirm.ts';
import { isHeldPerGroup } from '../../verdict/group-leaks.ts';
import { reported, suspectsOf } from '../../verdict/leaks.ts';
import {
  isDisappearing,
  isInProportion,
  isReleasedBetween,
  isStillHeld,
} from '../../verdict/stable-growth.ts';
import { perGroup, tryGroups } from './group-rounds.ts';
import type { RoundSize, Searched, SearchOptions } from './search.ts';

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
}

export interface QuicklySearched<R extends QuickRound> extends Searched<R> {
  /**
   * Waits until so many deadlines have passed since the last disconnect, or until the server holds
   * no more than before the first round.
   */
  hold(deadlines: number): Promise<Hold>;
  /** Whether the same thing has already leaked in another mode, and was not released later. */
  isKnown(leak: Leak): boolean;
  /** Called as soon as these leaks are certain. It is not known yet whether they are released late. */
  found(leaks: readonly Leak[], rounds: readonly R[]): Promise<void>;
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

export async function searchQuickly<R extends QuickRound>(
  searched: QuicklySearched<R>,
  { streams, pairs, most, isIgnored }: SearchOptions,
): Promise<QuickResult<R>> {
  const mark = searched.mark();
  let rounds: R[] = [];
  /** @returns the result if the round leaves no other */
  async function tryRound(size: Pick<RoundSize, 'streams' | 'isBrief'>) {
    const round = await searched.round({ ...size, waves: 1, wait: 'stable' });
    if (round === undefined) return { state: 'impossible' } as const;
    rounds.push(round);
    const hasReleased = round.shrunk.some(isSure);
    return !round.isStable || hasReleased ? ({ state: 'doubtful', hasReleased } as const) : null;
  }
  for (let place = 0; place < 2 * pairs; place++) {
    const isSmall = place % 2 === 0;
    const size = isSmall ? { streams, isBrief: searched.hurries } : { streams: 2 * streams };
    const result = await tryRound(size);
    if (result) return result;
  }
  const foundIn = (byChance: boolean) =>
    inProportion(rounds, searched.noise(), { most, isIgnored, byChance });
  const isKnown = (leaks: readonly Leak[]) =>
    leaks.length > 0 && reported(leaks).every(searched.isKnown);
  let found = foundIn(true);
  const isInDoubt = found.leaks.length === 0 || !found.isAll;
  if (isInDoubt && rounds.some(({ grown }) => grown.length > 0)) {
    // Perhaps only clients that have received an event leak.
    const hurried = rounds.filter(({ isHurried }) => isHurried);
    rounds = rounds.filter(({ isHurried }) => !isHurried);
    for (const _ of hurried) {
      const result = await tryRound({ streams });
      if (result) return result;
    }
    if (hurried.length > 0) found = foundIn(true);
  }
  if (found.suspects.length === 0 && !rounds.some(({ grown }) => grown.some(isSure)))
    return { state: 'clean', rounds, cleanAfterMs: Math.max(...rounds.map((r) => r.tookMs)) };
  if (found.leaks.length > 0 && found.isAll) {
    if (searched.needsLines && found.leaks.some(isPlaceless))
      return { state: 'without line', rounds, leaks: reported(found.leaks) };
    if (isKnown(found.leaks) && isSame(foundIn(false), found))
      return { state: 'deferred', rounds, leaks: reported(found.leaks) };
    const waves = found.leaks.some(({ kind }) => mustConfirm(kind)) ? wavesToFill : wavesAfterPool;
    const third = await searched.round({ streams, waves, wait: 'stable' });
    if (third === undefined) return { state: 'impossible' };
    rounds.push(third);
    found = foundIn(true);
    if (isKnown(found.leaks) && found.isAll && third.isStable)
      return { state: 'deferred', rounds, leaks: reported(found.leaks) };
  } else if (found.isAll) {
    const suspects = perGroup(rounds, searched, { most, isIgnored });
    if (isKnown(suspects)) return { state: 'deferred', rounds, leaks: reported(suspects) };
    const groups = await tryGroups(searched, rounds, { most, isIgnored });
    rounds.push(...groups.rounds);
    if (searched.needsLines && groups.leaks.some(isPlaceless))
      return { state: 'without line', rounds, leaks: reported(groups.leaks) };
    found = { ...found, leaks: groups.leaks };
  }
  const hold = await searched.hold(1);
  const isLeft = (held: Held) =>
    !isIgnored(held) &&
    !(found.ignores && held.kind === 'response') &&
    (!mustConfirm(held.kind) || found.suspects.some((leak) => heldKey(leak) === heldKey(held)));
  if (hold.shrunk.length === 0 && !hold.grown.some(isLeft))
    return { state: 'clean', rounds, cleanAfterMs: hold.afterMs };
  const [{ before }] = rounds as [R, ...R[]];
  const isCertain =
    found.isAll &&
    found.leaks.length > 0 &&
    rounds.every(({ isStable }) => isStable) &&
    found.leaks.every((leak) =>
      leak.groups === undefined
        ? isStillHeld(leak, rounds, before, hold.held, mark)
        : isHeldPerGroup(leak, rounds, hold.held, mark),
    );
  if (!isCertain) return { state: 'doubtful', hasReleased: hold.shrunk.length > 0 };
  const certain = found.leaks.map((leak) => ({ ...leak, afterMs: hold.afterMs }));
  await searched.found(reported(certain), rounds);
  const last = await holdUntilClear(searched, found.leaks, before);
  const countLeft = (leak: Leak) =>
    countOf(last.held, heldKey(leak)) - countOf(before, heldKey(leak));
  // A pool that was full before the first round may have closed instead.
  if (found.leaks.some((leak) => countLeft(leak) < (searched.isSettled ? 0 : 1)))
    return { state: 'doubtful', hasReleased: true };
  const leaks = certain.map((leak) => ({
    ...leak,
    releasedAfterMs: countLeft(leak) === 0 ? last.afterMs : null,
  }));
  const isReleasing = found.leaks.some((leak) => isReleasedBetween(leak, hold.held, last.held));
  return { state: 'leaking', rounds, leaks: reported(leaks), isReleasing };
}

interface InProportion {
  leaks: Leak[];
  /** Everything that may be a leak, also out of proportion. */
  suspects: readonly Leak[];
  /** Whether nothing else may be a leak, except responses. */
  isAll: boolean;
  /** Whether an ignored leak explains the responses. */
  ignores: boolean;
}

function inProportion(
  rounds: readonly CountedRound[],
  noise: Noise,
  { most, isIgnored, byChance }: Pick<SearchOptions, 'most' | 'isIgnored'> & { byChance: boolean },
): InProportion {
  const suspects = suspectsOf(rounds, most, noise);
  const isSo = (leak: Leak) => isInProportion(leak, rounds, noise, byChance);
  const ignores = suspects.some(
    (leak) => leak.kind !== 'response' && isIgnored(leak) && isSo(leak),
  );
  const judged = suspects.filter(
    (leak) => !isIgnored(leak) && !(ignores && leak.kind === 'response'),
  );
  return {
    // If growth is in proportion, its mean varies less than its slope.
    leaks: judged
      .filter(isSo)
      .map((leak) => ({ ...leak, perDisconnect: leak.count / leak.disconnects })),
    suspects: judged,
    isAll: judged.every((leak) => leak.kind === 'response' || isSo(leak)),
    ignores,
  };
}

const isSame = (one: InProportion, other: InProportion): boolean =>
  one.isAll && one.leaks.length === other.leaks.length;

/** Crowds of the third round, which show that a pool is full. */
const wavesAfterPool = 2;
/** The same for a cache: a program bounds it by the size of its memory, not by its clients. */
const wavesToFill = 10;

/** Growth that disappears gets this many deadlines until it is gone. */
export const mostDeadlines = 4;

/** Tells late releases from leaks, once for each thing. */
async function holdUntilClear<R extends QuickRound>(
  searched: QuicklySearched<R>,
  leaks: readonly Leak[],
  before: readonly Held[],
): Promise<Hold> {
  for (let deadlines = 2; ; deadlines++) {
    const last = await searched.hold(deadlines);
    if (deadlines === mostDeadlines) return last;
    if (!leaks.some((leak) => isDisappearing(leak, before, last.held))) return last;
  }
}

/** Whether a change of the count means something on its own, without being in proportion. */
const isSure = ({ kind }: Held) => !mustConfirm(kind);

const isPlaceless = ({ kind, place }: Leak) => place === undefined && isTraceable(kind);
