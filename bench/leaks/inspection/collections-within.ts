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

/** Known collections. It does not keep them in memory. */
interface Registry {
  first: WeakMap<object, { id: string; entries: number }>;
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
  const least = 5;
  const symbol = Symbol.for('ssebench.collections');
  const registries = globalThis as never as Registries;
  const { first, byId } = (registries[symbol] ??= { first: new WeakMap(), byId: new Map() });
  /** There are up to millions of objects, but few classes. */
  const kinds = new Map<object | null, CollectionKind | undefined>();
  const sizeOfMap = Object.getOwnPropertyDescriptor(Map.prototype, 'size')!.get!;
  const sizeOfSet = Object.getOwnPropertyDescriptor(Set.prototype, 'size')!.get!;
  const seen: { object: object; kind: CollectionKind; entries: number }[] = [];

  function kindOf(object: object): CollectionKind | undefined {
    if (Array.isArray(object)) return 'array';
    if (object instanceof Map) return 'Map';
    return object instanceof Set ? 'Set' : undefined;
  }
  function entriesOf(object: object, kind: CollectionKind): number {
    try {
      if (kind === 'array') return (object as unknown[]).length;
      return (kind === 'Map' ? sizeOfMap : sizeOfSet).call(object) as number;
    } catch {
      return 0; // a prototype is not a real collection
    }
  }
  return {
    add(object) {
      const prototype = Object.getPrototypeOf(object) as object | null;
      if (!kinds.has(prototype)) kinds.set(prototype, kindOf(object));
      const kind = kinds.get(prototype);
      if (kind === undefined) return;
      const entries = entriesOf(object, kind);
      if (entries >= least) seen.push({ object, kind, entries });
    },
    grown(own) {
      const found: GrownCollection[] = [];
      for (const { object, kind, entries } of seen) {
        if (own.has(object) || object === byId) continue;
        const known = first.get(object);
        if (known === undefined) {
          const id = `${process.pid}.${byId.size + 1}`;
          first.set(object, { id, entries });
          byId.set(id, new WeakRef(object));
        } else if (entries > known.entries)
          found.push({ id: known.id, kind, entries: entries - known.entries });
      }
      return found;
    },
  };
}
export type CollectionCounter = typeof collectionCounter;

/** An expression for an array of known collections. */
export const collectionsNamed = (ids: readonly string[]): string =>
  `${JSON.stringify(ids)}.map((id) => globalThis[Symbol.for('ssebench.collections')]?.byId.get(id)?.deref())`;
