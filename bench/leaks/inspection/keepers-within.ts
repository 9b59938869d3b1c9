/** A function that is sent as text and runs inside the inspected process. */

/**
 * Runs inside the process: finds the kinds of collections that hold ended responses. An array
 * counts only with at least two of them, because Node itself keeps an array with one response for
 * each connection. It reads no property of other objects, which could run code of the program.
 */
export function keepersAmong(objects: object[]): string[] {
  const Emitters = Object.getPrototypeOf(Object.getPrototypeOf(process)) as object;
  const isA = (prototype: object, object: object) =>
    Object.prototype.isPrototypeOf.call(prototype, object);
  const isDead = (object: object) => {
    try {
      return (
        isA(Emitters, object) &&
        'writeHead' in object &&
        (object as { destroyed?: boolean }).destroyed === true
      );
    } catch {
      return false; // a getter of the program has thrown
    }
  };
  const dead = new Set<unknown>(objects.filter(isDead));
  // A subclass may replace the methods of its instances.
  const countDead = (count: number, value: unknown) => count + Number(dead.has(value));
  const { values } = Set.prototype;
  const { entries } = Map.prototype;
  const keepers = [
    {
      name: 'a Set',
      least: 1,
      valuesIn: (object: object) =>
        isA(Set.prototype, object) ? [...values.call(object as Set<unknown>)] : [],
    },
    {
      name: 'a Map',
      least: 1,
      valuesIn: (object: object) =>
        isA(Map.prototype, object) ? [...entries.call(object as Map<unknown, unknown>)].flat() : [],
    },
    {
      name: 'an array',
      least: 2,
      valuesIn: (object: object) => (Array.isArray(object) ? object : []),
    },
  ];
  const holds = (object: object, { least, valuesIn }: (typeof keepers)[number]) => {
    try {
      return (
        (Array.prototype.reduce.call(valuesIn(object), countDead as never, 0) as number) >= least
      );
    } catch {
      return false; // a prototype is not a real collection
    }
  };
  // `objects` is itself an array that holds all responses.
  return keepers
    .filter((keeper) => objects.some((object) => object !== objects && holds(object, keeper)))
    .map(({ name }) => name);
}
