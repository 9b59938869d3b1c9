/**
 * Counts what a Node process holds, by asking V8 over the inspector: timers by where their function is written,
 * listeners of emitters likewise, and responses that are over and still in memory. Nothing is installed in the process,
 * and nothing is paid before the question; the question is two full collections.
 */
import type { Inspector } from '../../target/inspect.ts';
import type { ScriptPlace } from '../../target/script-places.ts';
import { timerPrototype } from '../../target/holdings.ts';
import { countDeadIn, countEmitters, countTimers, forget, type Counted } from './count-within.ts';
import { addUpHeld, type Held } from '../../measure/held.ts';
import { originOfFunction, originOfStack } from './places.ts';

// `process` is an emitter by way of its own class.
const emitterPrototype = 'Object.getPrototypeOf(Object.getPrototypeOf(process))';
/** Where programs keep responses; of arrays Node itself has one for each connection, with one response in it. */
const collections = [
  { name: 'a Set', prototype: 'Set.prototype', least: 1 },
  { name: 'a Map', prototype: 'Map.prototype', least: 1 },
  { name: 'an array', prototype: 'Array.prototype', least: 2 },
];

/** @returns the collections that hold responses which are over; a full collection for each kind, so to be asked once */
export async function keepersOfResponses(inspector: Inspector): Promise<string[]> {
  const keepers: string[] = [];
  for (const { name, prototype, least } of collections) {
    if ((await inspector.callOnAllAtOnce(prototype, countDeadIn, least)) > 0) keepers.push(name);
  }
  return keepers;
}

/** @returns counts what the process holds now; remembers the places that it has asked for */
export function createCensus(inspector: Inspector): () => Promise<Held[]> {
  const places = new Map<string, ScriptPlace | undefined>();

  /** Asks for the places of what is new, whose functions the question has left behind. */
  async function locate(counted: readonly Counted[], kind: 'timers' | 'listeners') {
    const unknown = counted.filter(({ key }) => !places.has(key));
    if (unknown.length === 0) return;
    const found = await inspector.placesOf(`globalThis[Symbol.for("ssebench.${kind}")]`);
    for (const [index, { key }] of unknown.entries()) places.set(key, found[index]);
    await inspector.call(forget, kind);
  }
  const heldOf = (kind: Held['kind'], { key, what, count, stack }: Counted): Held => {
    const origin = stack === undefined ? originOfFunction(places.get(key)) : originOfStack(stack);
    return { kind, what, count, traced: stack !== undefined, ...origin };
  };

  return async () => {
    const known = [...places.keys()];
    const [timers, { responses, listeners }] = await Promise.all([
      inspector.callOnAllAtOnce(timerPrototype, countTimers, known),
      inspector.callOnAllAtOnce(emitterPrototype, countEmitters, known),
    ]);
    await locate(timers, 'timers');
    await locate(listeners, 'listeners');
    return addUpHeld([
      ...timers.map((timer) => heldOf('timer', timer)),
      ...listeners.map((listener) => heldOf('listener', listener)),
      ...(responses > 0 ? [heldOf('response', { key: '', what: 'dead response', count: responses })] : []),
    ]);
  };
}
