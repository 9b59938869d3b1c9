/** Counts the TLS handshakes of all streams, and those that resumed an earlier session. */
import type { Instrument } from './instrument.ts';

export interface Handshakes extends Instrument<'handshakes' | 'resumedHandshakes'> {
  /** A stream is connected over TLS. A stream that reconnects has several handshakes. */
  secured(isResumed: boolean): void;
}

export function createHandshakes(): Handshakes {
  const counts = { handshakes: 0, resumedHandshakes: 0 };
  return {
    findings: () => ({ counts }),
    secured(isResumed) {
      counts.handshakes++;
      if (isResumed) counts.resumedHandshakes++;
    },
  };
}
