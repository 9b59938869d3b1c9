/** Chooses how the events of a server are read. */
import type { EventOptions } from '../../scenario/event-options.ts';
import { counterReader } from './counter.ts';
import { pathReader } from './path.ts';
import type { EventReader } from './reader.ts';

export interface ReaderOptions {
  /** The places of the user; `undefined` for counter events. */
  events?: EventOptions | undefined;
  /**
   * The number of the first event in every stream. If it is `any`, only data with a stamp is a
   * counter's.
   */
  firstNumber: number | 'any';
  /** Whether stamps use our clock, since the server runs on this machine. */
  sameClock: boolean;
  /** Measures Unix time minus the common clock, in nanoseconds. Used only for stamps at a path. */
  wallOffsetNs?(): number;
}

/** Without a path of the user, events are those of a counter. */
export const readsCounters = ({ events }: Pick<ReaderOptions, 'events'>): boolean =>
  !events || (events.sequence === null && events.stamp === null);

export function readerOf({
  events,
  firstNumber,
  sameClock,
  wallOffsetNs = () => 0,
}: ReaderOptions): EventReader {
  return !events || readsCounters({ events })
    ? counterReader(firstNumber === 'any')
    : pathReader({ events, sameClock, wallOffsetNs });
}
