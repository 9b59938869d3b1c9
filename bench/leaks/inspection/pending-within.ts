/**
 * Functions that are sent as text and run inside the inspected process. They find promises and
 * generators, which hold what their code waits with.
 */
import type { HeldKind } from '../../result/held.ts';

export interface Pending {
  kind: Extract<HeldKind, 'promise' | 'generator'>;
  what: 'promise' | 'generator' | 'async generator';
}
export type GeneratorKind = Exclude<Pending['what'], 'promise'>;

/** @returns a function that describes promises and generators; `undefined` for any other object */
export function pendingReader(): (object: object) => Pending | undefined {
  // Deno, and Node before 20.16, have no such function. There, these objects are not counted.
  const load = globalThis.process?.getBuiltinModule as typeof process.getBuiltinModule | undefined;
  if (load === undefined || 'Deno' in globalThis) return () => undefined;
  const { isGeneratorObject, isPromise } = load('node:util').types;
  const baseOf = (generator: { prototype: object }) =>
    Object.getPrototypeOf(generator.prototype) as object;
  type Row = [prototype: object, is: (object: object) => boolean, pending: Pending];
  const classes: Row[] = [
    [Promise.prototype, isPromise, { kind: 'promise', what: 'promise' }],
    [
      baseOf(async function* () {}),
      isGeneratorObject,
      { kind: 'generator', what: 'async generator' },
    ],
    [baseOf(function* () {}), isGeneratorObject, { kind: 'generator', what: 'generator' }],
  ];
  /** There are up to millions of objects, but few classes. */
  const rows = new Map<object | null, Row | undefined>();
  return (object) => {
    const prototype = Object.getPrototypeOf(object) as object | null;
    if (!rows.has(prototype))
      rows.set(
        prototype,
        classes.find(
          ([each]) =>
            prototype === each ||
            (prototype !== null && Object.prototype.isPrototypeOf.call(each, prototype)),
        ),
      );
    const row = rows.get(prototype);
    // The prototype of a generator function, for example, is not a generator.
    return row?.[1](object) ? row[2] : undefined;
  };
}
export type PendingReader = typeof pendingReader;

/**
 * Leaves some of the generators behind, spread over all of them. The next query finds where they
 * wait.
 */
export function leaveGenerators(
  objects: object[],
  reader: PendingReader,
  what: GeneratorKind,
  most: number,
): void {
  const read = reader();
  const all = objects.filter((object) => {
    try {
      return read(object)?.what === what;
    } catch {
      return false; // a Proxy of the program
    }
  });
  const step = Math.max(1, all.length / most);
  (globalThis as never as Record<symbol, object[]>)[Symbol.for('ssebench.functions')] = Array.from(
    { length: Math.min(most, all.length) },
    (_, place) => all[Math.floor(place * step)]!,
  );
}
