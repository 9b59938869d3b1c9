/** Finds leaks: things still held whose count grows with the number of disconnects. Pure. */
import {
  atMost,
  countOf,
  heldKey,
  heldKinds,
  isPending,
  isRate,
  mustConfirm,
  noNoise,
  type Held,
  type HeldKind,
  type Noise,
} from '../result/held.ts';
import type { Leak } from '../result/leak-result.ts';
import { lineThrough } from '../statistics/least-squares.ts';

/** The result of a round of one mode. */
export interface ModeRound {
  disconnects: number;
  grown: readonly Held[];
  /** Held before the round and released during it: a late release. */
  shrunk: readonly Held[];
  /** How long the check waited for the server to release everything. */
  tookMs: number;
  /** The time until everything that grew was released; `null` if that was not observed. */
  releasedAfterMs: number | null;
}

/**
 * A growth that does not depend on the size of the round happens once a round, and is not a leak.
 * The exception is a growth of at least this count and this share of the disconnects.
 */
const manyOnceARound = { count: 4, share: 0.25 };

/**
 * A leak is a count that grew in every round, and more in larger ones. Its slope is a least-squares
 * fit over the sizes of the rounds, so a growth that happens once, or once a round, is not a leak.
 * A large constant growth is an exception: things released very late were still in the baseline of
 * the next round, and hide an equal number of leaks in it.
 *
 * A round in which more was released than leaked is ignored. Rates do not add up: timers that are
 * due together wake a process once, and a busy process does not wake more often for more streams.
 * So a rate needs only to grow in every round, and its mean is reported.
 *
 * A count that rises and falls without clients need not grow in every round. Over all rounds it
 * must rise by more than it does without clients (`noise.ts`).
 *
 * @param most largest slope that is not a leak
 */
export function leaksOf(
  rounds: readonly ModeRound[],
  most: number,
  noise: Noise = noNoise,
): Leak[] {
  return reported(suspectsOf(rounds, most, noise));
}

/** Everything that grew, by the rules of `leaksOf`, unsorted and including all responses. */
export function suspectsOf(rounds: readonly ModeRound[], most: number, noise: Noise): Leak[] {
  const suspects = allSuspectsOf(rounds, most, noise);
  // A tolerated cause explains its consequences too.
  const causes = most > 0 ? allSuspectsOf(rounds, 0, noise) : suspects;
  return causes.some(({ kind }) => isCause(kind))
    ? suspects.filter(({ kind }) => !isPending(kind))
    : suspects;
}

function allSuspectsOf(rounds: readonly ModeRound[], most: number, noise: Noise): Leak[] {
  const things = new Map(rounds.flatMap(({ grown }) => grown).map((held) => [heldKey(held), held]));
  return [...things.values()].flatMap((held) => {
    const rise = noise.get(heldKey(held)) ?? 0;
    if (mustConfirm(held.kind) && !isInProportion(held, rounds)) return [];
    return (
      (rise > 0 && !isRate(held.kind)
        ? noisyLeakOf(held, rounds, most, rise)
        : leakOf(held, rounds, most, rise)) ?? []
    );
  });
}

/** Whether it explains code that waits. An entry does not, because it can belong to Node itself. */
const isCause = (kind: HeldKind): boolean =>
  kind !== 'response' && kind !== 'entry' && !isPending(kind);

/**
 * All other counts that changed in some round, with their largest change. A pool that closes
 * members can hide an equal number of leaks, and a count that seemed quiet can be noisy. These
 * rounds prove nothing about them; further rounds must confirm a leak.
 */
export function hiddenSuspectsOf(rounds: readonly ModeRound[]): Leak[] {
  const changes = rounds
    .flatMap(({ grown, shrunk }) => [...grown, ...shrunk])
    .filter(({ kind }) => !isRate(kind) && !mustConfirm(kind));
  const disconnects = rounds.reduce((sum, round) => sum + round.disconnects, 0);
  return changes
    .reduce<Held[]>((most, held) => atMost(most, [held]), [])
    .map((held) => ({
      ...held,
      perDisconnect: 0,
      disconnects,
      ...timesOf(rounds),
    }));
}

export const isHidden = ({ perDisconnect }: Leak): boolean => perDisconnect === 0;

/** Minimum ratio between the growth per disconnect of any two rounds. */
const proportion = 0.8;

/**
 * Whether a count grew with the disconnects. A history of events, for example, grows with the
 * time for which clients are connected.
 */
function isInProportion(held: Held, rounds: readonly ModeRound[]): boolean {
  const key = heldKey(held);
  const rates = rounds.map(({ grown, disconnects }) => countOf(grown, key) / disconnects);
  return Math.min(...rates) >= proportion * Math.max(...rates);
}

/** The leaks to report, sorted. */
export function reported(leaks: readonly Leak[]): Leak[] {
  // Anything that leaks also keeps its response in memory, so the responses need no report of their
  // own.
  const causes = leaks.filter(({ kind }) => kind !== 'response');
  return (causes.length > 0 ? causes : leaks).toSorted(
    (a, b) =>
      byLibrary(a) - byLibrary(b) ||
      b.count - a.count ||
      byKind(a) - byKind(b) ||
      heldKey(a).localeCompare(heldKey(b)),
  );
}

/**
 * Leaves out consequences of other leaks. Collections of Node and of libraries list what leaks
 * there, such as the connections of an agent. Code that waits is one too.
 *
 * @param tolerated leaks that are not reported, and that explain consequences too
 */
export function withoutConsequences(
  leaks: readonly Leak[],
  tolerated: readonly Leak[] = [],
): Leak[] {
  const least = Math.min(...[...leaks, ...tolerated].map(byConsequence));
  return leaks.filter((leak) => byConsequence(leak) === least);
}

/** 0 for a cause. Anything else is the consequence of leaks with a lower number. */
function byConsequence(leak: Leak): number {
  if (leak.kind === 'generator') return 1;
  if (leak.kind === 'entry') return byLibrary(leak) === 1 ? 2 : 0;
  return leak.kind === 'promise' ? 3 : 0;
}

/** @param rise the largest rise of the count without clients; above 0 only for rates */
function leakOf(
  held: Held,
  all: readonly ModeRound[],
  most: number,
  rise: number,
): Leak | undefined {
  const isIt = (each: Held) => heldKey(each) === heldKey(held);
  const rounds = isRate(held.kind) ? all : all.filter(({ shrunk }) => !shrunk.some(isIt));
  const counts = rounds.map(({ grown }) => grown.find(isIt)?.count ?? 0);
  if (counts.length < Math.min(2, all.length) || counts.some((count) => count <= rise))
    return undefined;
  const sum = counts.reduce((total, count) => total + count, 0);
  const disconnects = rounds.reduce((total, round) => total + round.disconnects, 0);
  const isMuch = counts.every(
    (count, place) =>
      count >= Math.max(manyOnceARound.count, manyOnceARound.share * rounds[place]!.disconnects),
  );
  const rising =
    lineThrough(rounds.map((round, place) => [round.disconnects, counts[place]!]))?.slope ??
    sum / disconnects;
  const perDisconnect =
    isRate(held.kind) || (isMuch && rising <= most) ? sum / disconnects : rising;
  if (perDisconnect <= most) return undefined;
  return { ...held, count: sum, perDisconnect, disconnects, ...timesOf(rounds) };
}

/**
 * Searches for a leak in a noisy count. All rounds together can show it, because noise can hide it
 * in a single one. The largest round alone can show it too, because a pool may have closed members
 * in the others.
 */
function noisyLeakOf(
  held: Held,
  rounds: readonly ModeRound[],
  most: number,
  rise: number,
): Leak | undefined {
  const key = heldKey(held);
  const growthIn = (some: readonly ModeRound[]) =>
    some.reduce((sum, { grown, shrunk }) => sum + countOf(grown, key) - countOf(shrunk, key), 0);
  const largest = rounds.toSorted((a, b) => b.disconnects - a.disconnects).slice(0, 1);
  for (const some of [rounds, largest]) {
    const count = growthIn(some);
    const disconnects = some.reduce((sum, round) => sum + round.disconnects, 0);
    if (count > rise && count / disconnects > most)
      return {
        ...held,
        count,
        perDisconnect: count / disconnects,
        disconnects,
        ...timesOf(rounds),
      };
  }
  return undefined;
}

/** How long the things of these rounds were held. */
export function timesOf(rounds: readonly ModeRound[]): Pick<Leak, 'afterMs' | 'releasedAfterMs'> {
  const releasedAfterMs = rounds.map((round) => round.releasedAfterMs);
  return {
    afterMs: Math.min(...rounds.map(({ tookMs }) => tookMs)),
    releasedAfterMs: releasedAfterMs.includes(null)
      ? null
      : Math.max(...(releasedAfterMs as number[])),
  };
}

/** Leaks in the user's own code come first. */
const byLibrary = ({ place }: Held) => Number(place?.file.includes('node_modules/') ?? true);

/** A fixed order of kinds, because the order on the heap differs each time. */
const byKind = ({ kind }: Held) => Object.keys(heldKinds).indexOf(kind);
