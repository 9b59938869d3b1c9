/** Decides whether a stream continued after an event. Pure. */
import type { SeenEvent } from './frames.ts';

/** The distinct ids of events, in their order. */
export const idsOf = (events: readonly SeenEvent[]): string[] => [
  ...new Set(events.flatMap(({ id }) => (id === null || id === '' ? [] : id))),
];

/**
 * The last id but one, because it leaves an event to send, and a server has to keep few events for
 * it. The first id may be that of a greeting, which a server repeats at each connection.
 */
export function idToResumeAfter(events: readonly SeenEvent[]): string | undefined {
  const ids = idsOf(events);
  return ids.length > 2 ? ids.at(-2) : ids.at(-1);
}

/**
 * - `honoured`: the stream continued with the next event.
 * - `repeated`: it began with an event that the client already had.
 * - `skipped`: it began later, so the client missed events.
 * - `unknown`: the ids of both streams have nothing in common, too few events arrived, or the events
 *   may be the current state, which a server sends at each connection.
 */
export type Resumption = 'honoured' | 'repeated' | 'skipped' | 'unknown';

/**
 * @param events of the first stream, over the entire observation
 * @param after the id that the client sent as `Last-Event-ID`
 * @param resumed events of the second stream
 */
export function resumptionOf(
  events: readonly SeenEvent[],
  after: string,
  resumed: readonly SeenEvent[],
): Resumption {
  const ids = idsOf(events);
  const place = ids.indexOf(after);
  const [greeting, ...others] = idsOf(resumed);
  if (greeting === undefined) return 'unknown';
  // A first event that both streams have may be a greeting, so the next one decides.
  const mayGreet = greeting === ids[0];
  if (mayGreet && place === 0) return 'unknown';
  const next = mayGreet ? others[0] : greeting;
  const found = next === undefined ? -1 : ids.indexOf(next);
  if (found < 0) return 'unknown';
  if (found <= place) return 'repeated';
  return found === place + 1 ? 'honoured' : 'skipped';
}
