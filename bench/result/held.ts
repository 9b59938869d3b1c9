/** Objects that a server holds, counted by their origin. */
import { z } from 'zod';

/** A place in the server's source. Lines and columns start at 1. */
const placeSchema = z.object({
  /** A path, or a URL such as `node:internal/timers`. */
  file: z.string(),
  line: z.int(),
  column: z.int(),
});
export type Place = z.infer<typeof placeSchema>;

/**
 * Kind → the word for several of them. A rate also has the smallest change that counts as growth.
 */
export const heldKinds = {
  timer: { words: 'timers', isTraceable: true },
  listener: { words: 'listeners', isTraceable: true },
  process: { words: 'child processes', isTraceable: true },
  thread: { words: 'worker threads', isTraceable: true },
  port: { words: 'message ports', isTraceable: true },
  watcher: { words: 'file watchers', isTraceable: true },
  response: { words: 'responses' },
  entry: { words: 'entries', mustConfirm: true },
  socket: { words: 'sockets', isTraceable: true },
  descriptor: { words: 'files or pipes', isTraceable: true },
  generator: { words: 'generators', mustConfirm: true, isPending: true },
  promise: { words: 'promises', mustConfirm: true, isPending: true },
  heap: { words: 'KB of memory' },
  wakeup: { words: 'wakeups per second', leastGrowth: 0.5 },
  computing: { words: 'ms of CPU time per second', leastGrowth: 0.5 },
  growth: { words: 'KB per event', leastGrowth: 0 },
  memory: { words: 'KB per second', leastGrowth: 0 },
} as const satisfies Record<
  string,
  {
    words: string;
    isTraceable?: true;
    mustConfirm?: true;
    isPending?: true;
    leastGrowth?: number;
  }
>;
export type HeldKind = keyof typeof heldKinds;
/**
 * Whether only rounds that confirm a finding make it certain, because correct programs have such
 * things too: a cache with a bound grows until it is full. Things that change without clients are
 * left out.
 */
export const mustConfirm = (kind: HeldKind): boolean => 'mustConfirm' in heldKinds[kind];
/**
 * Whether it is code that waits, or its result. Code waits for something else that is counted, such
 * as a timer or a listener; if that leaks too, it is the cause. A few of them come and go in every
 * program.
 */
export const isPending = (kind: HeldKind): boolean => 'isPending' in heldKinds[kind];
/** Whether the probe records who created things of this kind. */
export const isTraceable = (kind: HeldKind): boolean => 'isTraceable' in heldKinds[kind];

export const heldSchema = z.object({
  kind: z.enum(Object.keys(heldKinds) as [HeldKind, ...HeldKind[]]),
  /** A description for people: `setInterval 1000 ms`. */
  what: z.string(),
  /** Where it was created, or else where its function is defined; `undefined` if unknown. */
  place: placeSchema.optional(),
  /** Whether the place is that of the creation. */
  traced: z.boolean(),
  /** The library that created it there, if one did. */
  library: placeSchema.optional(),
  /** How many there are. For a rate, its amount, which may have a fraction. */
  count: z.number(),
});
export type Held = z.infer<typeof heldSchema>;

export const placeText = ({ file, line }: Place): string => `${file}:${line}`;

/** `setInterval 1000 ms created at src/events.ts:14`. */
export function describeHeld({ what, place, library, traced }: Held): string {
  const by = library ? `, by ${placeText(library)}` : '';
  return place ? `${what} ${traced ? 'created at' : 'at'} ${placeText(place)}${by}` : what;
}

/** Identifies the same thing in two countings. */
export const heldKey = ({ kind, what, place }: Pick<Held, 'kind' | 'what' | 'place'>): string =>
  [kind, what, place ? `${placeText(place)}:${place.column}` : ''].join('|');

/** Merges equal things and sums their counts. */
export function addUpHeld(all: readonly Held[]): Held[] {
  const sums = new Map<string, Held>();
  for (const held of all) {
    const same = sums.get(heldKey(held));
    if (same) same.count += held.count;
    else sums.set(heldKey(held), { ...held });
  }
  return [...sums.values()];
}

/** The higher count of two countings, for everything. */
export function atMost(one: readonly Held[], other: readonly Held[]): Held[] {
  const most = new Map(one.map((held) => [heldKey(held), held]));
  for (const held of other)
    if (held.count > (most.get(heldKey(held))?.count ?? 0)) most.set(heldKey(held), held);
  return [...most.values()];
}

/** A rise of pending code up to this is not growth. */
const fewPending = 3;
/** A rate always varies: a change up to this share of it is not growth. */
const shareOfNoise = 0.2;

export const isRate = (kind: HeldKind): boolean => 'leastGrowth' in heldKinds[kind];

/** The rise that is not growth yet, by `heldKey`; 0 for everything that is not in the map. */
export type Noise = ReadonlyMap<string, number>;
export const noNoise: Noise = new Map();

/**
 * The things of which a later counting has more. Decreases are left out.
 *
 * @param noise a rise up to this is not growth
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
    const leastOfKind = isPending(held.kind) ? fewPending : 0;
    const least =
      'leastGrowth' in kind ? Math.max(kind.leastGrowth, shareOfNoise * last) : leastOfKind;
    return held.count - last > Math.max(least, noise.get(heldKey(held)) ?? 0)
      ? [{ ...held, count: held.count - last }]
      : [];
  });
}

/** The count of each thing in a counting, by `heldKey`. */
export const countsOf = (all: readonly Held[]): ReadonlyMap<string, number> =>
  new Map(all.map((held) => [heldKey(held), held.count]));

/** The count of one thing in a counting. */
export const countOf = (all: readonly Held[], key: string): number =>
  all.find((held) => heldKey(held) === key)?.count ?? 0;
