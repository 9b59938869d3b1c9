/** Finds where the generators that leak wait. */
import type { Inspector } from '../../inspector/inspect.ts';
import type { ScriptPlace } from '../../inspector/script-places.ts';
import type { Held } from '../../result/held.ts';
import { forget } from './count-within.ts';
import { leaveGenerators, pendingReader, type GeneratorKind } from './pending-within.ts';
import { originOfFunction } from './places.ts';

/** How many generators are asked where they wait. After the rounds, most of all generators leak. */
const mostAsked = 40;

/**
 * @returns a function that gives generators the place at which most of them wait. It asks once for
 * each kind of them, and stops the process as an inspection does.
 */
export function createGeneratorNamer(
  inspector: Pick<Inspector, 'call' | 'callOnAllAtOnce' | 'placesOf'>,
): <Thing extends Held>(things: readonly Thing[]) => Promise<Thing[]> {
  const origins = new Map<string, ReturnType<typeof originOfFunction>>();
  async function originOf(what: GeneratorKind) {
    const reader = pendingReader;
    await inspector.callOnAllAtOnce('Object.prototype', leaveGenerators, reader, what, mostAsked);
    const places = await inspector.placesOf('globalThis[Symbol.for("ssebench.functions")]');
    await inspector.call(forget);
    return originOfFunction(mostFrequent(places));
  }
  return async (things) => {
    const named = [];
    for (const thing of things) {
      const { kind, what } = thing;
      if (kind === 'generator' && !origins.has(what))
        origins.set(what, await originOf(what as GeneratorKind));
      named.push({ ...thing, ...(kind === 'generator' && origins.get(what)) });
    }
    return named;
  };
}

/** @returns the place that most of them have; `undefined` if most have none */
export function mostFrequent(
  places: readonly (ScriptPlace | undefined)[],
): ScriptPlace | undefined {
  const textOf = (place: ScriptPlace | undefined) =>
    place && `${place.url}:${place.line}:${place.column}`;
  const groups = [...Map.groupBy(places, textOf).values()];
  return groups.toSorted((a, b) => b.length - a.length)[0]?.[0];
}
