/** What a server holds, counted by where it comes from. */

/** A place in the source of the server. Lines and columns from 1. */
export interface Place {
  /** A path, or a URL such as `node:internal/timers`. */
  file: string;
  line: number;
  column: number;
}

/** Kind → what a number of them is called; of what is no thing but a rate, the least by which it must grow to have grown. */
export const heldKinds = {
  timer: { words: 'timers' },
  listener: { words: 'listeners' },
  response: { words: 'responses' },
  socket: { words: 'sockets' },
  descriptor: { words: 'files or pipes' },
  wakeup: { words: 'wakeups a second', leastGrowth: 0.5 },
  computing: { words: 'ms of CPU a second', leastGrowth: 0.5 },
  memory: { words: 'KB more each second', leastGrowth: 0 },
} as const satisfies Record<string, { words: string; leastGrowth?: number }>;
export type HeldKind = keyof typeof heldKinds;

export interface Held {
  kind: HeldKind;
  /** For people: `setInterval 1000 ms`. */
  what: string;
  /** Where it was created, or else where its function is written; `undefined` where nobody knows. */
  place?: Place | undefined;
  /** The place is that of the creation. */
  traced: boolean;
  /** The library that created it there, where one did. */
  library?: Place | undefined;
  /** How many; of what is no thing but a rate, how much, which may have a fraction. */
  count: number;
}

export const placeText = ({ file, line }: Place): string => `${file}:${line}`;

/** `setInterval 1000 ms created at src/events.ts:14`. */
export function describeHeld({ what, place, library, traced }: Held): string {
  const by = library ? `, by ${placeText(library)}` : '';
  return place ? `${what} ${traced ? 'created at' : 'at'} ${placeText(place)}${by}` : what;
}

/** What is the same thing in two countings. */
export const heldKey = ({ kind, what, place }: Held): string =>
  [kind, what, place ? `${placeText(place)}:${place.column}` : ''].join('|');

/** What is the same becomes one, with all of its count. */
export function addUpHeld(all: readonly Held[]): Held[] {
  const sums = new Map<string, Held>();
  for (const held of all) {
    const same = sums.get(heldKey(held));
    if (same) same.count += held.count;
    else sums.set(heldKey(held), { ...held });
  }
  return [...sums.values()];
}

/** Of everything the higher of two countings. */
export function atMost(one: readonly Held[], other: readonly Held[]): Held[] {
  const most = new Map(one.map((held) => [heldKey(held), held]));
  for (const held of other)
    if (held.count > (most.get(heldKey(held))?.count ?? 0)) most.set(heldKey(held), held);
  return [...most.values()];
}

/** A rate is never twice the same: by this share of it, it has not grown yet. */
const shareOfNoise = 0.2;

export const isRate = (kind: HeldKind): boolean => 'leastGrowth' in heldKinds[kind];

/** What it may rise by without having grown, by `heldKey`; 0 for what is not in it. */
export type Noise = ReadonlyMap<string, number>;
export const noNoise: Noise = new Map();

/**
 * What a later counting has more of. Things that it has less of are left out.
 *
 * @param noise a rise up to that is no growth
 */
export function grownBetween(
  before: readonly Held[],
  after: readonly Held[],
  noise: Noise = noNoise,
): Held[] {
  const counts = countsOf(before);
  return after.flatMap((held) => {
    const last = counts.get(heldKey(held)) ?? 0;
    const kind = heldKinds[held.kind];
    const least = 'leastGrowth' in kind ? Math.max(kind.leastGrowth, shareOfNoise * last) : 0;
    return held.count - last > Math.max(least, noise.get(heldKey(held)) ?? 0)
      ? [{ ...held, count: held.count - last }]
      : [];
  });
}

/** How many of each thing there are in a counting, by `heldKey`. */
export const countsOf = (all: readonly Held[]): ReadonlyMap<string, number> =>
  new Map(all.map((held) => [heldKey(held), held.count]));

/** How many of one thing there are in a counting. */
export const countOf = (all: readonly Held[], key: string): number =>
  all.find((held) => heldKey(held) === key)?.count ?? 0;
