/**
 * Searches one mode for leaks that leave no doubt, and waits for the deadline only once. If doubts
 * remain, `search` must decide.
 */
import { countOf, heldKey, isTraceable, mustConfirm, type Held } from '../../result/held.ts';
import type { Leak } from '../../result/leak-result.ts';
import { isHeldPerGroup } from '../../verdict/group-leaks.ts';
import { reported } from '../../verdict/leaks.ts';
import { isReleasedBetween, isStillHeld } from '../../verdict/stable-growth.ts';
import { perGroup, tryGroups } from './group-rounds.ts';
import { inProportion, isSame } from './in-proportion.ts';
import { holdUntilClear } from './late-release.ts';
import type { QuicklySearched, QuickResult, QuickRound } from './quickly-searched.ts';
import type { RoundSize, SearchOptions } from './search.ts';

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
    const hasReleased = round.shrunk.some((held) => isSure(held) || searched.isDeferred(held));
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
    // Entries of Node's own collections are no caches of the program.
    const mustFill =
      found.leaks.some(isUnsure) &&
      (await searched.shown(reported(found.leaks), rounds)).some(isUnsure);
    const third = await searched.round({
      ...(mustFill
        ? { streams: 2 * streams, waves: wavesToFill }
        : { streams, waves: wavesAfterPool }),
      wait: 'stable',
    });
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
  // A pool that closed in the third round can hide as many leaks.
  const mayHide = hold.isOverdue || rounds.some(({ shrunk }) => shrunk.some(isSure));
  if (hold.shrunk.length === 0 && !hold.grown.some(isLeft))
    return mayHide
      ? { state: 'doubtful', hasReleased: true }
      : { state: 'clean', rounds, cleanAfterMs: hold.afterMs };
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
  searched.found(await searched.shown(reported(certain), rounds));
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

/** Crowds of the third round, which show that a pool is full. */
const wavesAfterPool = 2;
/**
 * The same for a cache, with crowds of the second size: a program bounds it by the size of its memory,
 * not by its clients.
 */
const wavesToFill = 5;

/** Whether a change of the count means something on its own, without being in proportion. */
const isSure = ({ kind }: Held) => !mustConfirm(kind);
const isUnsure = ({ kind }: Held) => mustConfirm(kind);

const isPlaceless = ({ kind, place }: Leak) => place === undefined && isTraceable(kind);
