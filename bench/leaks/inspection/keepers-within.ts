/** A function that is sent as text and runs inside the inspected process. */

/** The properties that tell a response from other objects. */
interface Response {
  destroyed?: boolean;
  writeHead?: unknown;
}

/**
 * Runs inside the process: finds the kinds of collections that hold ended responses. An array
 * counts only with at least two of them, because Node itself keeps an array with one response for
 * each connection.
 */
export function keepersAmong(objects: object[]): string[] {
  const isDead = (value: unknown) => {
    const { writeHead, destroyed } = (
      typeof value === 'object' && value !== null ? value : {}
    ) as Response;
    return typeof writeHead === 'function' && destroyed === true;
  };
  const keepers = [
    {
      name: 'a Set',
      least: 1,
      valuesIn: (object: object) => (object instanceof Set ? [...object] : []),
    },
    {
      name: 'a Map',
      least: 1,
      valuesIn: (object: object) =>
        object instanceof Map ? [...object.keys(), ...object.values()] : [],
    },
    {
      name: 'an array',
      least: 2,
      valuesIn: (object: object) => (Array.isArray(object) ? object : []),
    },
  ];
  const holds = (object: object, { least, valuesIn }: (typeof keepers)[number]) => {
    try {
      return valuesIn(object).filter(isDead).length >= least;
    } catch {
      return false; // a prototype is not a real collection, and a subclass may not be iterable
    }
  };
  // `objects` is itself an array that holds all responses.
  return keepers
    .filter((keeper) => objects.some((object) => object !== objects && holds(object, keeper)))
    .map(({ name }) => name);
}
