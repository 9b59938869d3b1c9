/**
 * Reads encoded histograms (HDR format: V2, compressed, base64), as `histogram.ts` writes them. A
 * saved result may come from anywhere, and a few bytes must not become gigabytes. So the reader
 * checks every length before it allocates memory.
 */
import { inflateSync } from 'node:zlib';

/** 1 µs to 1 h, with three significant digits. */
export const shape = {
  lowestDiscernibleValue: 1,
  highestTrackableValue: 3_600_000_000,
  numberOfSignificantValueDigits: 3,
} as const;

/** Each value below 2,048 µs has its own count. From there on, 1,024 counts cover each doubling. */
const halfBucket = 1_024;
/** The number of counts in such a histogram. */
export const countsLength = 23 * halfBucket;

const cookies = { compressed: 0x1c849314, plain: 0x1c849313 };
const compressedHeadBytes = 8;
const plainHeadBytes = 40;
/** The longest encoding of a count, or of a run of zero counts. */
const longestWordBytes = 9;
const mostPlainBytes = plainHeadBytes + longestWordBytes * countsLength;
const mostCharacters = Math.ceil((4 / 3) * (mostPlainBytes + 1_024));

/** The longest duration that belongs to the count at this place, in microseconds. */
export function valueAtUs(place: number): number {
  const bucket = Math.max(0, Math.floor(place / halfBucket) - 1);
  return (place - bucket * halfBucket + 1) * 2 ** bucket - 1;
}

/**
 * Calls back for each nonzero count, in ascending order of place.
 *
 * @throws if the text is not a histogram of our shape
 */
export function readCounts(encoded: string, onCount: (place: number, count: number) => void): void {
  const payload = payloadOf(encoded);
  let [place, position] = [0, 0];
  const word = () => {
    let [value, factor] = [0, 1];
    for (let left = longestWordBytes; ; left--, factor *= 128) {
      const byte = payload[position++];
      if (byte === undefined) throw new Error('the histogram ends in the middle of a number');
      if (left === 1) return value + byte * factor;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  };
  while (position < payload.length) {
    const zigZag = word();
    if (!Number.isSafeInteger(zigZag)) throw new Error('a count of the histogram is too large');
    const zeros = zigZag % 2 === 1 ? (zigZag + 1) / 2 : 0;
    if (place + Math.max(1, zeros) > countsLength)
      throw new Error('the histogram has a value over 1 h');
    if (zeros > 0) place += zeros;
    else {
      if (zigZag > 0) onCount(place, zigZag / 2);
      place++;
    }
  }
}

function payloadOf(encoded: string): Buffer {
  if (encoded.length > mostCharacters) throw new Error('the histogram is too long');
  const data = Buffer.from(encoded, 'base64');
  if (data.length < compressedHeadBytes || data.readInt32BE(0) !== cookies.compressed)
    throw new Error('not a histogram');
  if (data.readInt32BE(4) !== data.length - compressedHeadBytes)
    throw new Error('the histogram is incomplete');
  const plain = inflateSync(data.subarray(compressedHeadBytes), {
    maxOutputLength: mostPlainBytes,
  });
  if (plain.length < plainHeadBytes || plain.readInt32BE(0) !== cookies.plain)
    throw new Error('not a histogram');
  if (plain.readInt32BE(4) !== plain.length - plainHeadBytes)
    throw new Error('the histogram is incomplete');
  // Bytes 8 to 11 hold an unused offset. The 8 bytes after these fields hold a factor, which is 1.
  const found = [
    Number(plain.readBigInt64BE(16)),
    Number(plain.readBigInt64BE(24)),
    plain.readInt32BE(12),
  ];
  if (String(found) !== String(Object.values(shape)))
    throw new Error('the histogram has another range or precision');
  return plain.subarray(plainHeadBytes);
}
