/** What a server holds, counted by where it comes from. */

/** A place in the source of the server. Lines and columns from 1. */
export interface Place {
  /** A path, or a URL such as `node:internal/timers`. */
  file: string;
  line: number;
  column: number;
}

export const heldKinds = ['timer', 'listener', 'socket', 'response'] as const;
export type HeldKind = (typeof heldKinds)[number];

export interface Held {
  kind: HeldKind;
  /** For people: `setInterval 1000 ms`. */
  what: string;
  /** Where it was created, or else where its function is written; `undefined` where nobody knows. */
  place: Place | undefined;
  /** The place is that of the creation. */
  traced: boolean;
  /** The library that created it there, where one did. */
  library: Place | undefined;
  count: number;
}

export const placeText = ({ file, line }: Place): string => `${file}:${line}`;

/** `setInterval 1000 ms created at src/events.ts:14`. */
export function describeHeld({ what, place, library, traced }: Held): string {
  const by = library ? `, by ${placeText(library)}` : '';
  return place ? `${what} ${traced ? 'created at' : 'at'} ${placeText(place)}${by}` : what;
}

/** What is the same thing in two countings. */
export const heldKey = ({ kind, what, place }: Held): string => [kind, what, place ? `${placeText(place)}:${place.column}` : ''].join('|');

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
  for (const held of other) if (held.count > (most.get(heldKey(held))?.count ?? 0)) most.set(heldKey(held), held);
  return [...most.values()];
}

/** What a later counting has more of. Things that it has less of are left out. */
export function grownBetween(before: readonly Held[], after: readonly Held[]): Held[] {
  const counts = new Map(before.map((held) => [heldKey(held), held.count]));
  return after
    .map((held) => ({ ...held, count: held.count - (counts.get(heldKey(held)) ?? 0) }))
    .filter(({ count }) => count > 0);
}
