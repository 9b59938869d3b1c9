/** Audits the counters of many streams, because a server that loses events is not fast. */
import type { Instrument } from './instrument.ts';

/**
 * How many of the newest numbers of a stream are remembered, to distinguish late from repeated
 * events.
 */
const rememberedNumbers = 32;

export interface SequenceAudit extends Instrument<
  'missing' | 'duplicate' | 'outOfOrder' | 'flawedStreams'
> {
  /** Takes the number of one event of the stream. @returns whether it is new to the stream */
  record(stream: number, number: number): boolean;
  /** Restarts a stream. It may continue with any number, also after events without one. */
  forget(stream: number): void;
  /** Whether numbers of the stream were missing, duplicate or out of order. */
  isFlawed(stream: number): boolean;
}

/**
 * @param streams the number of streams; `record` takes their indexes
 * @param firstNumber the first number of every stream
 */
export function createSequenceAudit(streams: number, firstNumber: number | 'any'): SequenceAudit {
  const newest = new Float64Array(streams).fill(firstNumber === 'any' ? NaN : firstNumber - 1);
  const seen = new Uint32Array(streams); // bit k: the number k below the newest was received
  const flawed = new Uint8Array(streams);
  const counts = { missing: 0, duplicate: 0, outOfOrder: 0, flawedStreams: 0 };

  function flaw(stream: number) {
    counts.flawedStreams += 1 - flawed[stream]!;
    flawed[stream] = 1;
  }

  function goOnFrom(stream: number, number: number) {
    newest[stream] = number - 1;
    seen[stream] = ~0; // events sent before we connected are not missing
  }

  return {
    findings: () => ({ counts }),
    forget: (stream) => void (newest[stream] = NaN),
    isFlawed: (stream) => flawed[stream] === 1,
    record(stream, number) {
      if (Number.isNaN(newest[stream])) goOnFrom(stream, number);
      const ahead = number - newest[stream]!;
      if (ahead !== 1) flaw(stream);
      if (ahead > 0) {
        counts.missing += ahead - 1;
        seen[stream] = ahead < rememberedNumbers ? (seen[stream]! << ahead) | 1 : 1;
        newest[stream] = number;
        return true;
      }
      const bit = -ahead < rememberedNumbers ? 1 << -ahead : 0;
      if (bit === 0 || (seen[stream]! & bit) !== 0) {
        counts.duplicate++;
        return false;
      }
      seen[stream] = seen[stream]! | bit;
      counts.missing--;
      counts.outOfOrder++;
      return true;
    },
  };
}
