/** The interface of all ways to read the number and the stamp of an event. */
import type { EventDataFindings } from '../../result/event-data.ts';

export interface EventValues {
  /** The number of the event; `undefined` if it has none. */
  number: number | undefined;
  /** When the server sent it, in nanoseconds of the common clock; `undefined` if unknown. */
  stampNs: number | undefined;
}

export interface EventReader {
  /**
   * @param id the id field of the event, and `name` its event field; `undefined` without the field
   * @param atNs when the event arrived, on the common clock
   */
  read(data: string, id: string | undefined, name: string | undefined, atNs: number): EventValues;
  /** The step between two stamps in nanoseconds; 0 if that is negligible. */
  resolutionNs(): number;
  /** The number of events with and without values; `undefined` for counter events. */
  findings(): EventDataFindings | undefined;
}
