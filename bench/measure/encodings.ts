/** Streams whose body is compressed, counted by their content encoding. */

/** Of one encoding, over the whole run. */
export interface EncodedCount {
  /** Answers: a stream that reconnects has several. */
  streams: number;
  /** Bytes of bodies as they were sent, and after decoding. */
  sentBytes: number;
  decodedBytes: number;
}

export type EncodedCounts = Record<string, EncodedCount>;

export function addEncoded(total: EncodedCounts, more: Readonly<EncodedCounts>): void {
  for (const [encoding, { streams, sentBytes, decodedBytes }] of Object.entries(more)) {
    const sum = (total[encoding] ??= { streams: 0, sentBytes: 0, decodedBytes: 0 });
    sum.streams += streams;
    sum.sentBytes += sentBytes;
    sum.decodedBytes += decodedBytes;
  }
}
