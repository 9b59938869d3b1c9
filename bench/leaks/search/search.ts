/**
 * Searches one mode for leaks. The usual rounds come first; if they leave doubts, more pairs of
 * rounds confirm or refute the suspects.
 */
import { countOf, heldKey, isRate, type Held, type Noise } from '../../result/held.ts';
import { isCertain, judge, type CountedRound } from '../../verdict/confirm.ts';
import { hiddenSuspectsOf, isHidden, reported, suspectsOf } from '../../verdict/leaks.ts';
import type { Leak } from '../../result/leak-result.ts';
import { wavesFor } from '../../verdict/noise.ts';

/** How many clients connect at once, and how many such crowds follow one another. */
export interface RoundSize {
  streams: number;
  waves: number;
  wait: RoundWait;
  /** Whether open streams stay for longer, so that their memory must grow for longer. */
  staysLonger?: true;
  /** Whether clients do not stay until the first event if events are rare. */
  isBrief?: boolean;
}

/**
 * How long a round waits for the growth to disappear: until it is stable, until the deadline, or
 * until twice the deadline, to tell late releases from leaks. Stable growth alone is not a leak, and
 * growth like that of a known leak counts as stable. A round that waits until the deadline confirms
 * a finding.
 */
export type RoundWait = 'stable' | 'deadline' | 'later';

/** The object of a search: a server in one mode, or a simulated server in tests. */
export interface Searched<R extends CountedRound> {
  /** @returns `undefined` if the mode cannot be tried */
  round(size: RoundSize): Promise<R | undefined>;
  /** Observes the server without clients, for the length of a round. */
  idle(): Promise<void>;
  /** How much the counts rise without clients, as far as observed. */
  noise(): Noise;
  /** The most that the server held after any round. */
  mark(): readonly Held[];
}

export interface SearchOptions {
  /** Streams in a smaller round. */
  streams: number;
  /** Number of usual pairs. */
  pairs: number;
  most: number;
  isIgnored(held: Held): boolean;
}

/**
 * Minimum number of crowds in the smaller round of each confirming pair. Several crowds follow one
 * another, so that in both rounds new clients connect while others still disconnect. If a pair
 * leaves doubts, the next pair has more crowds.
 */
const confirmingWaves = [2, 5, 10];

/**
 * A hidden suspect whose count changed by less than this is ignored if the count is constant
 * without clients: a pool that closes so few members cannot hide much.
 */
const leastHidden = 2;

/** @returns `undefined` if the mode cannot be tried */
export async function search<R extends CountedRound>(
  searched: Searched<R>,
  options: SearchOptions,
): Promise<{ rounds: R[]; leaks: Leak[] } | undefined> {
  const { streams, pairs, most, isIgnored } = options;
  const usual: R[] = [];
  const mark = searched.mark();
  const waves = wavesFor(searched.noise(), streams, 'usual');
  for (let place = 0; place < 2 * pairs; place++) {
    const round = await searched.round({
      streams: streams * (1 + (place % 2)),
      waves,
      wait: 'later',
    });
    if (round === undefined) return undefined;
    usual.push(round);
  }
  const noise = searched.noise();
  const found = suspectsOf(usual, most, noise);
  // A leak holds its responses in memory. If the leak is ignored, so are its responses.
  const ignoresResponses = found.some(
    (leak) => leak.kind !== 'response' && isIgnored(leak) && isCertain(leak, usual, mark, noise),
  );
  const isLeftOut = (leak: Leak) =>
    isIgnored(leak) || (ignoresResponses && leak.kind === 'response');
  const suspects = found.filter((leak) => !isLeftOut(leak));
  const certain = suspects.filter((leak) => isCertain(leak, usual, mark, noise));
  const hidden = hiddenSuspectsOf(usual).filter(
    (leak) =>
      certain.length === 0 &&
      !isLeftOut(leak) &&
      !noise.has(heldKey(leak)) &&
      !isAmong(leak, suspects),
  );
  // If there is another leak, it explains the responses, so they are not reported.
  const doubtful = [...suspects, ...hidden].filter(
    (leak) => !certain.includes(leak) && (leak.kind !== 'response' || certain.length === 0),
  );
  if (doubtful.length === 0) return { rounds: usual, leaks: reported(certain) };
  const { rounds, leaks } = await confirm(searched, options, usual, doubtful);
  return { rounds: [...usual, ...rounds], leaks: reported([...certain, ...leaks]) };
}

/** A suspect, and its leaks per disconnect in an earlier pair that made it likely. */
interface Doubt {
  leak: Leak;
  likely?: number;
}

/**
 * @returns the additional rounds, as far as they could be tried, and the findings that they confirm
 */
async function confirm<R extends CountedRound>(
  searched: Searched<R>,
  { streams, most }: SearchOptions,
  usual: readonly R[],
  suspects: readonly Leak[],
): Promise<{ rounds: R[]; leaks: Leak[] }> {
  const rounds: R[] = [];
  const leaks: Leak[] = [];
  await searched.idle();
  let doubtful: Doubt[] = suspects
    .filter(
      (leak) => !isHidden(leak) || leak.count >= leastHidden || searched.noise().has(heldKey(leak)),
    )
    .map((leak) => ({ leak }));
  for (const [place, leastWaves] of confirmingWaves.entries()) {
    // The server is known to leak. Fix that first; the next check can decide what is still unclear.
    if (doubtful.length === 0 || leaks.length > 0) break;
    if (place > 0) await searched.idle();
    const pair = await tryPair(searched, streams, leastWaves);
    rounds.push(...pair);
    const [smaller, larger] = pair;
    if (smaller === undefined || larger === undefined) break;
    const noise = searched.noise();
    const judged = doubtful.map(({ leak, likely }) => ({
      leak,
      judgement: judge(leak, usual, [smaller, larger], noise, 2 * streams, likely),
      measured: measuredIn(leak, smaller, larger),
    }));
    for (const { judgement, measured } of judged)
      if (judgement === 'confirmed') leaks.push(measured);
    // Only a noisy count needs more than two pairs. If a quiet count stays unclear, it is a pool of
    // varying size.
    doubtful = judged.flatMap(({ leak, judgement, measured: { perDisconnect } }) => {
      if (judgement === 'likely') return { leak, likely: perDisconnect };
      const isTriedAgain = place === 0 || noise.has(heldKey(leak));
      return judgement === 'unclear' && isTriedAgain ? { leak } : [];
    });
  }
  return { rounds, leaks: leaks.filter(({ perDisconnect }) => perDisconnect > most) };
}

/** @returns both rounds, or those that could be tried */
async function tryPair<R extends CountedRound>(
  searched: Searched<R>,
  streams: number,
  leastWaves: number,
): Promise<R[]> {
  const waves = Math.max(leastWaves, wavesFor(searched.noise(), streams, 'confirming'));
  const rounds: R[] = [];
  for (const many of [waves, 2 * waves]) {
    const round = await searched.round({ streams: 2 * streams, waves: many, wait: 'deadline' });
    if (round === undefined) break;
    rounds.push(round);
  }
  return rounds;
}

const isAmong = (leak: Leak, others: readonly Leak[]) =>
  others.some((other) => heldKey(other) === heldKey(leak));

/**
 * Takes the figure from the confirming pair. In both of its rounds a pool is equally full when
 * clients have just disconnected, so it adds nothing to the difference. Late releases have partly
 * happened by then, so the usual rounds may show a larger figure; then that one is kept.
 */
function measuredIn(leak: Leak, smaller: CountedRound, larger: CountedRound): Leak {
  if (isRate(leak.kind)) return leak;
  const key = heldKey(leak);
  const count = countOf(larger.first, key) - countOf(smaller.first, key);
  const { disconnects } = larger;
  const perDisconnect = count / disconnects;
  return leak.releasedAfterMs !== null && leak.perDisconnect > perDisconnect
    ? leak
    : { ...leak, count, disconnects, perDisconnect };
}
