/**
 * Inputs of the micro-benchmarks: event streams with known contents. The same seed gives the same
 * bytes.
 */
import { randomFrom } from '../statistics/random.ts';

export interface Input {
  name: string;
  /** The body of a response, in the chunks in which it arrives. */
  chunks: Buffer[];
  events: number;
  bytes: number;
}

const events = 1_000;
const largeBytes = 4_096;
/** The most bytes that one read of a socket returns. */
const readBytes = 65_536;
const splitBytes = { least: 5, most: 40 };

/** Data of a counter with stamps, as the harness reads it, padded to `bytes`. */
const dataOf = (n: number, bytes: number) =>
  `${n} ${123_456_789_000_000 + n * 100_003}`.padEnd(bytes, '.');
const bodyOf = (bytes: number) =>
  Buffer.from(Array.from({ length: events }, (_, n) => `data: ${dataOf(n, bytes)}\n\n`).join(''));

/** Cuts a body into pieces. `next` gives the length of each piece. */
function cut(body: Buffer, next: () => number): Buffer[] {
  const chunks: Buffer[] = [];
  for (let from = 0; from < body.length;) {
    const length = next();
    chunks.push(body.subarray(from, from + length));
    from += length;
  }
  return chunks;
}

/**
 * Three inputs: small events, one in each chunk; large events, cut as reads of a socket cut them;
 * small events cut at random places.
 */
export function inputs(seed: number): Input[] {
  const [small, large] = [bodyOf(0), bodyOf(largeBytes)];
  const random = randomFrom(seed);
  const frames = Array.from({ length: events }, (_, n) =>
    Buffer.byteLength(`data: ${dataOf(n, 0)}\n\n`),
  ).values();
  const of = (name: string, chunks: Buffer[]): Input => ({
    name,
    chunks,
    events,
    bytes: chunks.reduce((sum, { length }) => sum + length, 0),
  });
  return [
    of(
      'small',
      cut(small, () => frames.next().value!),
    ),
    of(
      'large',
      cut(large, () => readBytes),
    ),
    of(
      'split',
      cut(
        small,
        () => splitBytes.least + Math.floor(random() * (splitBytes.most - splitBytes.least + 1)),
      ),
    ),
  ];
}

/** The data of events to encode, small and large. */
export const dataToFrame = (): { name: string; data: string[]; bytes: number }[] =>
  [0, largeBytes].map((bytes) => {
    const data = Array.from({ length: events }, (_, n) => dataOf(n, bytes));
    return { name: bytes === 0 ? 'small' : 'large', data, bytes: bodyOf(bytes).length };
  });
