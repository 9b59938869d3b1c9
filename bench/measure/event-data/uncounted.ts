/** Distinguishes counter events from other events, whose sequence is unknown. */
import type { Causes } from '../../result/recording.ts';
import { countUp } from '../failure-counts.ts';
import type { Instrument } from '../instrument.ts';

export interface UncountedEvents extends Instrument<'uncounted', never, 'unexpectedEvents'> {
  /** Takes the events of a stream in order of arrival. @returns the place in the stream, from 0 */
  record(stream: number, data: string, isCounter: boolean): number;
}

/** The decoder replaces bytes that are not UTF-8 with this character. */
const replacementCharacter = '\ufffd';
const exampleCharacters = 80;

/** @param checksAll whether counted events may have other text too */
export function createUncounted(streams: number, checksAll: boolean): UncountedEvents {
  const counts = { uncounted: 0 };
  const unexpectedEvents: Causes = {};
  const received = new Float64Array(streams);

  function check(data: string) {
    if (data.includes(replacementCharacter))
      countUp(unexpectedEvents, 'not UTF-8', data.slice(0, exampleCharacters));
  }
  return {
    findings: () => ({ counts, unexpectedEvents }),
    record(stream, data, isCounter) {
      if (!isCounter) counts.uncounted++;
      if (!isCounter || checksAll) check(data);
      return received[stream]!++;
    },
  };
}
