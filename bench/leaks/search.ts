/** Searches one mode for leaks: the usual rounds, and where they leave doubts, pairs of rounds that confirm or refute. */
import { countOf, heldKey, isRate, type Held, type Noise } from '../result/held.ts';
import { isCertain, judge, type CountedRound } from '../verdict/confirm.ts';
import { hiddenSuspectsOf, isHidden, reported, suspectsOf, type Leak } from '../verdict/leaks.ts';
import { wavesFor } from '../verdict/noise.ts';

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

/**
 * How many crowds the smaller round of each confirming pair has at least. There are several, so that clients that are
 * still leaving meet new ones in both rounds. Where a pair leaves doubts, the next one has more of them.
 */
const confirmingWaves = [2, 5, 10];

/** What changed by less, and without clients not at all, is let be: a pool that closes so few does not hide much. */
const leastHidden = 2;

/** @returns nothing where the mode cannot be tried */
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
  const hidden = hiddenSuspectsOf(usual).filter(
    (leak) =>
      certain.length === 0 &&
      !isLeftOut(leak) &&
      !noise.has(heldKey(leak)) &&
      !isAmong(leak, suspects),
  );
  // Of responses nothing is to be said beside another leak.
  const doubtful = [...suspects, ...hidden].filter(
    (leak) => !certain.includes(leak) && (leak.kind !== 'response' || certain.length === 0),
  );
  if (doubtful.length === 0) return { rounds: usual, leaks: reported(certain) };
  const { rounds, leaks } = await confirm(searched, options, usual, doubtful);
  return { rounds: [...usual, ...rounds], leaks: reported([...certain, ...leaks]) };
}

/** @returns more pairs of rounds, as far as they could be tried, and the findings that they confirm */
async function confirm<R extends CountedRound>(
  searched: Searched<R>,
  { streams, most }: SearchOptions,
  usual: readonly R[],
  suspects: readonly Leak[],
): Promise<{ rounds: R[]; leaks: Leak[] }> {
  const rounds: R[] = [];
  const leaks: Leak[] = [];
  await searched.idle();
  let doubtful = suspects.filter(
    (leak) => !isHidden(leak) || leak.count >= leastHidden || searched.noise().has(heldKey(leak)),
  );
  for (const [place, leastWaves] of confirmingWaves.entries()) {
    // The server is known to leak then, and what is still unclear can be found once that is mended.
    if (doubtful.length === 0 || leaks.length > 0) break;
    if (place > 0) await searched.idle();
    const pair = await tryPair(searched, streams, leastWaves);
    rounds.push(...pair);
    const [smaller, larger] = pair;
    if (smaller === undefined || larger === undefined) break;
    const noise = searched.noise();
    const judged = doubtful.map((leak) => ({
      leak,
      judgement: judge(leak, usual, [smaller, larger], noise, 2 * streams),
    }));
    for (const { leak, judgement } of judged) {
      if (judgement === 'confirmed') leaks.push(measuredIn(leak, smaller, larger));
    }
    // Only noise takes more than two pairs; where a quiet count stays unclear, it is a pool that varies.
    doubtful = judged.flatMap(({ leak, judgement }) =>
      judgement === 'unclear' && (place === 0 || noise.has(heldKey(leak))) ? leak : [],
    );
  }
  return { rounds, leaks: leaks.filter(({ perDisconnect }) => perDisconnect > most) };
}

/** @returns both rounds, or as many as could be tried */
async function tryPair<R extends CountedRound>(
  searched: Searched<R>,
  streams: number,
  leastWaves: number,
): Promise<R[]> {
  const waves = Math.max(leastWaves, wavesFor(searched.noise(), streams, 'confirming'));
  const rounds: R[] = [];
  for (const many of [waves, 2 * waves]) {
    const round = await searched.round({ streams: 2 * streams, waves: many, confirms: true });
    if (round === undefined) break;
    rounds.push(round);
  }
  return rounds;
}

const isAmong = (leak: Leak, others: readonly Leak[]) =>
  others.some((other) => heldKey(other) === heldKey(leak));

/**
 * With the figure of the confirming pair: when clients have just left, a pool is as full in both of its rounds, and adds
 * nothing. What is late has gone in part by then, so that the usual rounds may show more of it.
 */
function measuredIn(leak: Leak, smaller: CountedRound, larger: CountedRound): Leak {
  if (isRate(leak.kind)) return leak;
  const key = heldKey(leak);
  const count = countOf(larger.first, key) - countOf(smaller.first, key);
  const { disconnects } = larger;
  const perDisconnect = count / disconnects;
  return leak.goneAfterMs !== null && leak.perDisconnect > perDisconnect
    ? leak
    : { ...leak, count, disconnects, perDisconnect };
}
