/**
 * Counts what a Node process holds, by asking V8 over the inspector: timers by where their function is written,
 * listeners of emitters likewise, and responses that are over and still in memory. Nothing is installed in the process,
 * and nothing is paid before the question. Of the question the dear part is the full collections that V8 makes first;
 * so all objects are asked for at once, whatever one looks for: 0.15 s where a server has loaded a framework, and 0.7 s
 * with two million objects, of which to look at each is 0.15.
 */
import type { Inspector } from '../../inspector/inspect.ts';
import { prototypeOfTimers, readTimer } from '../../inspector/timers.ts';
import type { ScriptPlace } from '../../inspector/script-places.ts';
import { countHeld, forget, keepersAmong, type Counted } from './count-within.ts';
import { addUpHeld, type Held } from '../../result/held.ts';
import { originOfFunction, originOfStack } from './places.ts';

const allObjects = 'Object.prototype';

/** @returns the kinds of collections that hold responses which are over */
export async function keepersOfResponses(inspector: Inspector): Promise<string[]> {
  return inspector.callOnAllAtOnce(allObjects, keepersAmong);
}

/** @returns counts what the process holds now; remembers the places that it has asked for */
export function createCensus(inspector: Inspector): () => Promise<Held[]> {
  const places = new Map<string, ScriptPlace | undefined>();

  /** Asks for the places of what is new, whose functions the question has left behind. */
  async function locate(counted: readonly Counted[]) {
    const unknown = counted.filter(({ key }) => !places.has(key));
    if (unknown.length === 0) return;
    const found = await inspector.placesOf('globalThis[Symbol.for("ssebench.functions")]');
    for (const [index, { key }] of unknown.entries()) places.set(key, found[index]);
    await inspector.call(forget);
  }
  const heldOf = ({ kind, key, what, count, stack }: Counted): Held => {
    const origin = stack === undefined ? originOfFunction(places.get(key)) : originOfStack(stack);
    return { kind, what, count, traced: stack !== undefined, ...origin };
  };

  return async () => {
    const { responses, counted } = await inspector.callOnAllAtOnce(
      allObjects,
      countHeld,
      [...places.keys()],
      readTimer,
      prototypeOfTimers,
    );
    await locate(counted);
    const dead: Held = {
      kind: 'response',
      what: 'dead response',
      count: responses,
      traced: false,
      ...originOfFunction(undefined),
    };
    return addUpHeld([...counted.map(heldOf), ...(responses > 0 ? [dead] : [])]);
  };
}
