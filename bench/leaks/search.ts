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
  options: SearchOptions,
): Promise<{ rounds: R[]; leaks: Leak[] } | undefined> {
  const { streams, pairs, most, isIgnored } = options;
  const usual: R[] = [];
  const mark = searched.mark();
  const waves = wavesFor(searched.noise(), 3 * streams, seenAbove.usual);
  for (let place = 0; place < 2 * pairs; place++) {
    const round = await searched.round({
      streams: streams * (1 + (place % 2)),
      waves,
      confirms: false,
    });
    if (round === undefined) return undefined;
    usual.push(round);
  }
  const noise = searched.noise();
  const found = suspectsOf(usual, most, noise);
  // A leak that is ignored keeps its responses: they are ignored with it.
  const ignoresResponses = found.some(
    (leak) => leak.kind !== 'response' && isIgnored(leak) && isCertain(leak, usual, mark, noise),
  );
  const isLeftOut = (leak: Leak) =>
    isIgnored(leak) || (ignoresResponses && leak.kind === 'response');
  const suspects = found.filter((leak) => !isLeftOut(leak));
  const certain = suspects.filter((leak) => isCertain(leak, usual, mark, noise));
  const hidden = hiddenSuspectsOf(usual, most).filter(
    (leak) => !isLeftOut(leak) && !noise.has(heldKey(leak)) && !isAmong(leak, suspects),
  );
  // Of responses nothing is to be said beside another leak.
  const doubtful = [...suspects, ...hidden].filter(
    (leak) => !certain.includes(leak) && (leak.kind !== 'response' || certain.length === 0),
  );
  if (doubtful.length === 0) return { rounds: usual, leaks: reported(certain) };
  const { rounds, leaks } = await confirm(searched, options, usual, doubtful);
  return { rounds: [...usual, ...rounds], leaks: reported([...certain, ...leaks]) };
}

/** @returns another pair of rounds, as far as it could be tried, and the findings that it confirms */
async function confirm<R extends CountedRound>(
  searched: Searched<R>,
  { streams, most }: SearchOptions,
  usual: readonly R[],
  doubtful: readonly Leak[],
): Promise<{ rounds: R[]; leaks: Leak[] }> {
  await searched.idle();
  const waves = Math.max(
    confirmingWaves,
    wavesFor(searched.noise(), 4 * streams, seenAbove.confirming),
  );
  const smaller = await searched.round({ streams: 2 * streams, waves, confirms: true });
  if (smaller === undefined) return { rounds: [], leaks: [] };
  const larger = await searched.round({ streams: 2 * streams, waves: 2 * waves, confirms: true });
  if (larger === undefined) return { rounds: [smaller], leaks: [] };
  // More is known of the noise now, and a finding may be no more than that.
  const noise = searched.noise();
  const suspects = suspectsOf(usual, most, noise);
  const leaks = doubtful.flatMap((leak) => {
    const isNoisy = noise.has(heldKey(leak));
    if (isNoisy && !isAmong(leak, suspects)) return [];
    if (!isConfirmed(leak, usual, [smaller, larger], noise)) return [];
    return [measuredIn(leak, isNoisy ? [...usual, smaller, larger] : [smaller, larger], isNoisy)];
  });
  return { rounds: [smaller, larger], leaks };
}

const isAmong = (leak: Leak, others: readonly Leak[]) =>
  others.some((other) => heldKey(other) === heldKey(leak));

/** In a noisy count, more disconnects give a better figure; in another one, they may show what a pool had hidden. */
function measuredIn(leak: Leak, rounds: readonly CountedRound[], isNoisy: boolean): Leak {
  if (isRate(leak.kind)) return leak;
  const key = heldKey(leak);
  const count = countOf(rounds.at(-1)!.held, key) - countOf(rounds[0]!.before, key);
  const disconnects = rounds.reduce((sum, round) => sum + round.disconnects, 0);
  const perDisconnect = count / disconnects;
  return isNoisy || perDisconnect > leak.perDisconnect
    ? { ...leak, count, disconnects, perDisconnect }
    : leak;
}
