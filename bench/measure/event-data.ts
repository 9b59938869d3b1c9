/** Tells events that carry a counter from those that carry something else, of which no sequence is known. */
import type { Causes } from '../result/recording.ts';
import { countUp } from './failure-counts.ts';
import type { Instrument } from './instrument.ts';

export interface EventData extends Instrument<'uncounted', never, 'oddities'> {
  /** Takes the events of a stream in the order of their arrival. @returns its place in the stream, from 0 */
  record(stream: number, data: string, isCounter: boolean): number;
}

/** What stands for bytes that are no UTF-8, once they are decoded. */
const replacementCharacter = '\ufffd';
const exampleCharacters = 80;

export function createEventData(streams: number): EventData {
  const counts = { uncounted: 0 };
  const oddities: Causes = {};
  const received = new Float64Array(streams);

  function recordOther(data: string) {
    counts.uncounted++;
    if (data.includes(replacementCharacter))
      countUp(oddities, 'not UTF-8', data.slice(0, exampleCharacters));
  }
  return {
    findings: () => ({ counts, oddities }),
    record(stream, data, isCounter) {
      if (!isCounter) recordOther(data);
      return received[stream]!++;
    },
  };
}
