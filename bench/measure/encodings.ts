/** Counts streams with a compressed body by their content encoding. */
import type { Encodings } from '../result/recording.ts';
import type { Instrument } from './instrument.ts';

export interface EncodingCounts extends Instrument<never, never, 'encodings'> {
  /** A response in this encoding; a stream that reconnects has several. */
  response(encoding: string): void;
  /** Body bytes as sent, and after decoding. */
  sent(encoding: string, bytes: number): void;
  decoded(encoding: string, bytes: number): void;
}

export function createEncodingCounts(): EncodingCounts {
  const encodings: Encodings = {};
  const of = (encoding: string) => countOf(encodings, encoding);
  return {
    response: (encoding) => void of(encoding).streams++,
    sent: (encoding, bytes) => void (of(encoding).sentBytes += bytes),
    decoded: (encoding, bytes) => void (of(encoding).decodedBytes += bytes),
    findings: () => ({ encodings }),
  };
}

export function addEncoded(total: Encodings, more: Readonly<Encodings>): void {
  for (const [encoding, { streams, sentBytes, decodedBytes }] of Object.entries(more)) {
    const sum = countOf(total, encoding);
    sum.streams += streams;
    sum.sentBytes += sentBytes;
    sum.decodedBytes += decodedBytes;
  }
}

const countOf = (encodings: Encodings, encoding: string) =>
  (encodings[encoding] ??= { streams: 0, sentBytes: 0, decodedBytes: 0 });
