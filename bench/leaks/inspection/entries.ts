/** Names the collections whose entries leak: by the variable that holds them, with its line. */
import { pathText } from '../../inspector/holder.ts';
import type { Holder } from '../../inspector/holders.ts';
import type { Inspector } from '../../inspector/inspect.ts';
import { placeText, type Held } from '../../result/held.ts';
import { collectionsNamed } from './collections-within.ts';
import { originOfFunction } from './places.ts';
import { additionIn, declarationIn, type CollectionKind, type Position } from './source-lines.ts';

/** The description of an entry before its collection has a name: `entry of a Map (4711.3)`. */
const unnamed = /^entry of an? (Map|Set|array) \(([\d.]+)\)$/;

/**
 * @returns a function that gives a name and a place to entries of a known variable. It stops the
 * process for a snapshot of its heap, once for each collection.
 */
export function createEntryNamer(
  inspector: Pick<Inspector, 'holdersOf'>,
): <Thing extends Held>(things: readonly Thing[]) => Promise<Thing[]> {
  const holders = new Map<string, Holder | undefined>();
  return async (things) => {
    const ids = things.flatMap(({ what }) => unnamed.exec(what)?.[2] ?? []);
    const unknown = ids.filter((id) => !holders.has(id));
    const found = unknown.length > 0 ? await inspector.holdersOf(collectionsNamed(unknown)) : [];
    for (const [place, id] of unknown.entries()) holders.set(id, found[place]);
    return things.flatMap((thing) => {
      const [, kind, id] = unnamed.exec(thing.what) ?? [];
      const holder = id === undefined ? undefined : holders.get(id);
      if (holder === undefined) return [thing];
      // Node's own collections have bounds, such as that of the timings of `fetch`.
      if (holder.code?.place.url.startsWith('node:')) return [];
      return [{ ...thing, ...nameOf(holder, kind as CollectionKind) }];
    });
  };
}

/**
 * The place is the line that adds entries, if there is only one. Otherwise it is the declaration, or
 * else the code that uses the variable.
 */
export function nameOf(
  { names, code }: Holder,
  kind: CollectionKind,
): Pick<Held, 'what' | 'place' | 'library'> {
  const what = `entry of the ${kind}${names.length > 0 ? ` \`${pathText(names)}\`` : ''}`;
  if (code === undefined) return { what, place: undefined, library: undefined };
  const placeAt = (position: Position | undefined) =>
    position && originOfFunction({ ...code.place, ...position }).place;
  const declared = placeAt(declarationIn(code.source, names));
  const added = placeAt(additionIn(code.source, names, kind));
  const isElsewhere = declared && added && declared.line !== added.line;
  return {
    what: isElsewhere ? `${what} of ${placeText(declared)}, added` : what,
    place: added ?? declared ?? placeAt(code.place),
    library: undefined,
  };
}
