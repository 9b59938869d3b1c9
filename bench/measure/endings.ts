/** How streams end: closed by us, ended by the server, or failed. */
import type { Causes } from '../result/recording.ts';
import { countUp } from './failure-counts.ts';
import type { Instrument } from './instrument.ts';

export interface Endings extends Instrument<'ended' | 'stopped', never, 'failures'> {
  failed(cause: string, message: string): void;
  /** The server ended the stream. */
  ended(): void;
  /** We closed the stream, and it had not failed. */
  stopped(): void;
}

export function createEndings(): Endings {
  const counts = { ended: 0, stopped: 0 };
  const failures: Causes = {};
  return {
    findings: () => ({ counts, failures }),
    failed: (cause, message) => countUp(failures, cause, message),
    ended: () => void counts.ended++,
    stopped: () => void counts.stopped++,
  };
}
