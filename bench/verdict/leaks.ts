/** What leaks: what is still held and grows with the number of disconnects. Pure. */
import {
  atMost,
  countOf,
  heldKey,
  heldKinds,
  isRate,
  noNoise,
  type Held,
  type Noise,
} from '../result/held.ts';
import { lineThrough } from '../statistics/least-squares.ts';

/** What a round of one mode left behind. */
export interface ModeRound {
  disconnects: number;
  grown: readonly Held[];
  /** What was there before the round, and went in it: it was late. */
  shrunk: readonly Held[];
  /** How long was waited for the server to let go. */
  tookMs: number;
  /** When all that grew had gone after all; `null` where it was not seen to go. */
  goneAfterMs: number | null;
}

export interface Leak extends Held {
  /** The slope: 1 where each disconnect leaves one. */
  perDisconnect: number;
  /** `count` of them, after so many disconnects. */
  disconnects: number;
  /** How long after the last of them it was still there, at least. */
  afterMs: number;
  /** The longest that it took to go after all, where it did each time: it is late; `null` where it stays. */
  goneAfterMs: number | null;
}

/** As much each time, whatever the size of the round: that comes once a round, unless it is so many, and such a share of the disconnects. */
const manyOnceARound = { count: 4, share: 0.25 };

/**
 * A leak is what grew in every round, and more in larger ones. Its slope is that of the least squares over sizes of
 * rounds, so that what comes once, or once a round, is none; unless that is much: what goes so late that it still was in
 * the baseline of the next round hides as many of those that stayed then. A round in which more went than stayed tells
 * nothing. Rates do not add up like things, since timers that are due together wake a process once, and a busy one writes
 * no more for more streams: of them it is enough that they grew each time, and the mean is told.
 *
 * A count that rises and falls without clients need not grow in every round: over all rounds it must have risen by more
 * than it does without clients (`noise.ts`).
 *
 * @param most slopes up to this are no leak
 */
export function leaksOf(
  rounds: readonly ModeRound[],
  most: number,
  noise: Noise = noNoise,
): Leak[] {
  return reported(suspectsOf(rounds, most, noise));
}

/** What grew, as `leaksOf` finds it, in no order and with all responses. */
export function suspectsOf(rounds: readonly ModeRound[], most: number, noise: Noise): Leak[] {
  const things = new Map(rounds.flatMap(({ grown }) => grown).map((held) => [heldKey(held), held]));
  return [...things.values()].flatMap((held) => {
    const rise = noise.get(heldKey(held)) ?? 0;
    return (
      (rise > 0 && !isRate(held.kind)
        ? noisyLeakOf(held, rounds, most, rise)
        : leakOf(held, rounds, most, rise)) ?? []
    );
  });
}

/**
 * Everything else whose count changed in some round, with the most that it changed by. A pool that closes members hides as
 * many that leak; and a count that had seemed quiet may be noisy. Nothing is concluded from these rounds; others must
 * confirm it.
 */
export function hiddenSuspectsOf(rounds: readonly ModeRound[]): Leak[] {
  const changes = rounds
    .flatMap(({ grown, shrunk }) => [...grown, ...shrunk])
    .filter(({ kind }) => !isRate(kind));
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

/** The leaks that a report names, in its order. */
export function reported(leaks: readonly Leak[]): Leak[] {
  // What lives on keeps its response, of which nothing more is to be said then.
  const causes = leaks.filter(({ kind }) => kind !== 'response');
  return (causes.length > 0 ? causes : leaks).toSorted(
    (a, b) =>
      byLibrary(a) - byLibrary(b) ||
      b.count - a.count ||
      byKind(a) - byKind(b) ||
      heldKey(a).localeCompare(heldKey(b)),
  );
}

/** @param rise without clients it rises by that much; only a rate may still be judged here then */
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
 * What a leak adds to a noisy count may be seen over all rounds, since in any of them the noise may hide it; or in the
 * largest round alone, where a pool closed in the others.
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

function timesOf(rounds: readonly ModeRound[]): Pick<Leak, 'afterMs' | 'goneAfterMs'> {
  const goneAfterMs = rounds.map((round) => round.goneAfterMs);
  return {
    afterMs: Math.min(...rounds.map(({ tookMs }) => tookMs)),
    goneAfterMs: goneAfterMs.includes(null) ? null : Math.max(...(goneAfterMs as number[])),
  };
}

/** What is in one's own code comes first. */
const byLibrary = ({ place }: Held) => Number(place?.file.includes('node_modules/') ?? true);

/** The order in which they were found is that of the heap, which is another each time. */
const byKind = ({ kind }: Held) => Object.keys(heldKinds).indexOf(kind);
