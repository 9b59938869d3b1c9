/**
 * Functions that are sent as text and run inside the inspected process. They count how much the
 * Maps, Sets and arrays that live there have grown since they were first seen.
 */
import type { CollectionKind } from './source-lines.ts';

/** A collection that has grown. */
export interface GrownCollection {
  /** Unique among all processes of a machine. */
  id: string;
  kind: CollectionKind;
  /** Entries more than when it was first seen. */
  entries: number;
}

/**
 * Known collections. It does not keep them in memory. Only those that have grown have an id: there
 * are up to hundreds of thousands of the others.
 */
interface Registry {
  /** How many entries each had when it was first seen. */
  first: WeakMap<object, number>;
  /** Smaller collections are not remembered. Absent for the usual number. */
  least?: number;
  ids: WeakMap<object, string>;
  byId: Map<string, WeakRef<object>>;
}
type Registries = Record<symbol, Registry | undefined>;

/**
 * @returns a function that takes each object of the heap, and one that returns the grown
 * collections among them
 */
export function collectionCounter(): {
  add(object: object): void;
  /** @param own collections that do not count */
  grown(own: ReadonlySet<object>): GrownCollection[];
} {
  /** A collection that grows with the streams has more entries soon, and most others have fewer. */
  const usualLeast = 5;
  const symbol = Symbol.for('ssebench.collections');
  const registries = globalThis as never as Registries;
  const registry: Registry = (registries[symbol] ??= {
    first: new WeakMap(),
    ids: new WeakMap(),
    byId: new Map(),
  });
  const { first, ids, byId, least = usualLeast } = registry;
  /** There are up to millions of objects, but few classes. */
  const kinds = new Map<object | null, CollectionKind | undefined>();
  const sizeOfMap = Object.getOwnPropertyDescriptor(Map.prototype, 'size')!.get!;
  const sizeOfSet = Object.getOwnPropertyDescriptor(Set.prototype, 'size')!.get!;
  const classes = [
    [Array.prototype, 'array'],
    [Map.prototype, 'Map'],
    [Set.prototype, 'Set'],
  ] as const;
  const found: { object: object; kind: CollectionKind; entries: number }[] = [];

  const kindOf = (prototype: object | null): CollectionKind | undefined =>
    classes.find(
      ([each]) =>
        prototype === each ||
        (prototype !== null && Object.prototype.isPrototypeOf.call(each, prototype)),
    )?.[1];
  /** An object with the prototype of a collection may be none, such as the prototype of a subclass. */
  function entriesOf(object: object, kind: CollectionKind): number {
    if (kind === 'array') return Array.isArray(object) ? object.length : 0;
    try {
      return (kind === 'Map' ? sizeOfMap : sizeOfSet).call(object) as number;
    } catch {
      return 0;
    }
  }
  function idOf(object: object): string {
    const known = ids.get(object);
    if (known !== undefined) return known;
    const id = `${process.pid}.${byId.size + 1}`;
    ids.set(object, id);
    byId.set(id, new WeakRef(object));
    return id;
  }
  return {
    add(object) {
      const prototype = Object.getPrototypeOf(object) as object | null;
      if (!kinds.has(prototype)) kinds.set(prototype, kindOf(prototype));
      const kind = kinds.get(prototype);
      if (kind === undefined) return;
      const entries = entriesOf(object, kind);
      if (entries < least) return;
      const before = first.get(object);
      if (before === undefined) first.set(object, entries);
      else if (entries > before) found.push({ object, kind, entries: entries - before });
    },
    grown: (own) =>
      found
        .filter(({ object }) => !own.has(object) && object !== byId)
        .map(({ object, kind, entries }) => ({ id: idOf(object), kind, entries })),
  };
}
export type CollectionCounter = typeof collectionCounter;

/** An expression for an array of known collections. */
export const collectionsNamed = (ids: readonly string[]): string =>
  `${JSON.stringify(ids)}.map((id) => globalThis[Symbol.for('ssebench.collections')]?.byId.get(id)?.deref())`;

/** Runs inside the process, before the first count: collections with fewer entries do not count. */
export function rememberCollections(least: number): void {
  (globalThis as never as Registries)[Symbol.for('ssebench.collections')] ??= {
    first: new WeakMap(),
    ids: new WeakMap(),
    byId: new Map(),
    least,
  };
}

/** Runs inside the process: deletes what the counters have left behind. */
export function forgetCollections(): void {
  delete (globalThis as never as Registries)[Symbol.for('ssebench.collections')];
}
