/** Which events streams missed or received twice while they were disconnected. */
import type { Instrument } from './instrument.ts';

export interface LostEvents extends Instrument<
  'missedOverCut' | 'doubledOverCut' | 'unnumberedReconnects'
> {
  /** An open stream is over. */
  lost(stream: number): void;
  /** Takes the id of the next event of a stream. A whole number counts as the event's number. */
  id(stream: number, id: string): void;
  /** Takes each event of a stream. @param number of the event, if its data has one */
  event(stream: number, number: number | undefined): void;
}

const wholeNumber = /^\d{1,15}$/;

/**
 * The first numbered event after a reconnect is compared with the highest number before it. So
 * greetings without a number do not matter. An id may also be a time or the number of a row. If the
 * ids of one connection do not count up one by one, missed events cannot be known from them.
 *
 * @param readsIds whether ids count. If the user named the place of the numbers, they do not, since
 * an event without a number may have an id of another kind.
 */
export function createLostEvents(streams: number, readsIds: boolean): LostEvents {
  const counts = { missedOverCut: 0, doubledOverCut: 0, unnumberedReconnects: 0 };
  const highest = new Float64Array(streams).fill(NaN);
  /** The last number of the connection; a server that does not resume counts anew in the next one. */
  const previous = new Float64Array(streams).fill(NaN);
  const nextId = new Float64Array(streams).fill(NaN);
  const hasEvents = new Uint8Array(streams);
  /** Whether the first numbered event since the last loss is still to come. */
  const isAwaited = new Uint8Array(streams);
  /** Whether the stream has had no event since the last loss. */
  const isNew = new Uint8Array(streams);

  function compare(stream: number, number: number) {
    const before = highest[stream]!;
    isAwaited[stream] = 0;
    if (Number.isNaN(before)) return;
    counts.missedOverCut += Math.max(0, number - before - 1);
    counts.doubledOverCut += Math.max(0, before - number + 1);
  }
  return {
    findings: () => ({ counts }),
    lost(stream) {
      isAwaited[stream] = 1;
      isNew[stream] = 1;
      nextId[stream] = NaN;
      previous[stream] = NaN;
    },
    id(stream, id) {
      if (readsIds) nextId[stream] = wholeNumber.test(id) ? Number(id) : NaN;
    },
    event(stream, counter) {
      const number = counter ?? nextId[stream]!;
      nextId[stream] = NaN;
      if (isNew[stream] === 1 && hasEvents[stream] === 1 && Number.isNaN(highest[stream]))
        counts.unnumberedReconnects++;
      isNew[stream] = 0;
      hasEvents[stream] = 1;
      if (Number.isNaN(number)) return;
      if (isAwaited[stream] === 1) compare(stream, number);
      else if (counter === undefined && number !== previous[stream]! + 1 && previous[stream]! >= 0)
        counts.unnumberedReconnects++;
      previous[stream] = number;
      highest[stream] = Number.isNaN(highest[stream]) ? number : Math.max(highest[stream]!, number);
    },
  };
}
