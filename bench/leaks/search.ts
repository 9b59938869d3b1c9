/** Searches one mode for leaks: the usual rounds, and where their findings leave doubts, another pair that confirms them. */
import { countOf, heldKey, isRate, type Held, type Noise } from '../result/held.ts';
import { isCertain, isConfirmed, type CountedRound } from '../verdict/confirm.ts';
import { hiddenSuspectsOf, reported, suspectsOf, type Leak } from '../verdict/leaks.ts';
import { seenAbove, wavesFor } from '../verdict/noise.ts';

/** How many clients a round has at once, and how many crowds of them, one after the other. */
export interface RoundSize {
  streams: number;
  waves: number;
  /** Whether it confirms a finding: what grew is waited for until the deadline, and no longer. */
  confirms: boolean;
}

/** What is searched: a server in one mode, or in tests a simulated one. */
export interface Searched<R extends CountedRound> {
  /** @returns nothing where the mode cannot be tried */
  round(size: RoundSize): Promise<R | undefined>;
  /** Watches it without clients, for as long as a round takes. */
  idle(): Promise<void>;
  /** How much its counts rise without clients, so far as was seen. */
  noise(): Noise;
  /** The most that it held after any round. */
  mark(): readonly Held[];
}

export interface SearchOptions {
  /** In the smaller rounds. */
  streams: number;
  /** Pairs of usual rounds. */
  pairs: number;
  most: number;
  isIgnored(leak: Leak): boolean;
}

/** A confirming round has at least so many crowds, so that clients that are still leaving meet new ones in both. */
const confirmingWaves = 2;

/** @returns nothing where the mode cannot be tried */
export async function search<R extends CountedRound>(
  searched: Searched<R>,
  { streams, pairs, most, isIgnored }: SearchOptions,
): Promise<{ rounds: R[]; leaks: Leak[] } | undefined> {
  const rounds: R[] = [];
  const mark = searched.mark();
  const waves = wavesFor(searched.noise(), 3 * streams, seenAbove.usual);
  for (let place = 0; place < 2 * pairs; place++) {
    const round = await searched.round({
      streams: streams * (1 + (place % 2)),
      waves,
      confirms: false,
    });
    if (round === undefined) return undefined;
    rounds.push(round);
  }
  const suspectsIn = (all: readonly R[]) =>
    suspectsOf(all, most, searched.noise()).filter((leak) => !isIgnored(leak));
  const suspects = suspectsIn(rounds);
  const certain = suspects.filter((leak) => isCertain(leak, rounds, mark, searched.noise()));
  // Of responses nothing is to be said beside another leak.
  const isSettled = (leak: Leak) =>
    certain.includes(leak) || (leak.kind === 'response' && certain.length > 0);
  const isNoisy = (leak: Leak) => searched.noise().has(heldKey(leak));
  const hidden = hiddenSuspectsOf(rounds, most).filter(
    (leak) =>
      !isIgnored(leak) &&
      !isNoisy(leak) &&
      !suspects.some((other) => heldKey(other) === heldKey(leak)),
  );
  const doubtful = [...suspects, ...hidden].filter((leak) => !isSettled(leak));
  if (doubtful.length === 0) return { rounds, leaks: reported(certain) };

  await searched.idle();
  const more = Math.max(
    confirmingWaves,
    wavesFor(searched.noise(), 4 * streams, seenAbove.confirming),
  );
  const smaller = await searched.round({ streams: 2 * streams, waves: more, confirms: true });
  const larger =
    smaller && (await searched.round({ streams: 2 * streams, waves: 2 * more, confirms: true }));
  if (larger === undefined) return undefined;
  rounds.push(smaller!, larger);
  // More is known of the noise now.
  const noise = searched.noise();
  const still = new Set(suspectsIn(rounds.slice(0, -2)).map(heldKey));
  const confirmed = doubtful.filter(
    (leak) =>
      (!isNoisy(leak) || still.has(heldKey(leak))) &&
      isConfirmed(leak, rounds.slice(0, -2), [smaller!, larger], noise),
  );
  const measured = confirmed.map((leak) => overAll(leak, rounds, noise));
  return { rounds, leaks: reported([...certain, ...measured]) };
}

/** In a noisy count, more disconnects give a better figure. */
function overAll(leak: Leak, rounds: readonly CountedRound[], noise: Noise): Leak {
  const key = heldKey(leak);
  if (!noise.has(key) || isRate(leak.kind)) return leak;
  const count = countOf(rounds.at(-1)!.held, key) - countOf(rounds[0]!.before, key);
  const disconnects = rounds.reduce((sum, round) => sum + round.disconnects, 0);
  return { ...leak, count, disconnects, perDisconnect: count / disconnects };
}
