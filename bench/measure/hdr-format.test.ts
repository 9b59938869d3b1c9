import { deflateSync } from 'node:zlib';
import {
  build,
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  type JsHistogram,
} from 'hdr-histogram-js';
import { describe, expect, test } from 'vitest';
import { randomFrom } from '../statistics/random.ts';
import { countsLength, readCounts, shape, valueAtUs } from './hdr-format.ts';

function read(encoded: string): [place: number, count: number][] {
  const found: [number, number][] = [];
  readCounts(encoded, (place, count) => found.push([place, count]));
  return found;
}

describe('reads histograms of hdr-histogram-js', () => {
  const random = randomFrom(7);
  const recordings: [string, [valueUs: number, count: number][]][] = [
    ['no values', []],
    [
      'the shortest and the longest',
      [
        [0, 1],
        [3_600_000_000, 1],
      ],
    ],
    [
      'both sides of each doubling',
      Array.from(
        { length: 31 },
        (_, power) =>
          [
            [2 ** power - 1, 1],
            [2 ** power, 2],
          ] as [number, number][],
      ).flat(),
    ],
    [
      'counts of every length',
      Array.from({ length: 50 }, (_, power) => [5 * power, 2 ** power] as [number, number]),
    ],
    [
      'a count for every value',
      Array.from(
        { length: countsLength },
        (_, place) => [Math.min(3_600_000_000, valueAtUs(place)), 1] as [number, number],
      ),
    ],
    ...Array.from({ length: 20 }, (_, n): [string, [number, number][]] => [
      `random durations, ${n}`,
      Array.from({ length: 3 ** (n % 8) }, () => [
        Math.floor(3.6 ** (17 * random())),
        1 + Math.floor(random() * 1_000),
      ]),
    ]),
  ];
  test.each(recordings)('%s', (_name, recording) => {
    const histogram = build({ ...shape, bitBucketSize: 64 }) as JsHistogram;
    for (const [valueUs, count] of recording) histogram.recordValueWithCount(valueUs, count);
    const encoded = encodeIntoCompressedBase64(histogram);
    const theirs: [number, number][] = [];
    const { recordedValuesIterator } = decodeFromCompressedBase64(encoded, 64) as JsHistogram;
    recordedValuesIterator.reset();
    while (recordedValuesIterator.hasNext()) {
      const { valueIteratedTo, countAddedInThisIterationStep } = recordedValuesIterator.next();
      theirs.push([valueIteratedTo, countAddedInThisIterationStep]);
    }
    expect(read(encoded).map(([place, count]) => [valueAtUs(place), count])).toEqual(theirs);
  });
});

describe('refuses, without much memory or time,', () => {
  interface Parts {
    digits: number;
    lowest: bigint;
    highest: bigint;
    payload: Buffer;
    length: number;
  }
  const plain = ({
    digits = 3,
    lowest = 1n,
    highest = 3_600_000_000n,
    payload = Buffer.from([2]),
    length = payload.length,
  }: Partial<Parts> = {}) => {
    const head = Buffer.alloc(40);
    for (const [place, word] of [0x1c849313, length, 1, digits].entries())
      head.writeInt32BE(word, 4 * place);
    for (const [place, word] of [lowest, highest, 1n].entries())
      head.writeBigInt64BE(word, 16 + 8 * place);
    return Buffer.concat([head, payload]);
  };
  const encoded = (data: Buffer, { cookie = 0x1c849314, extra = 0 } = {}) => {
    const compressed = deflateSync(data, { level: 9 });
    const head = Buffer.alloc(8);
    head.writeInt32BE(cookie, 0);
    head.writeInt32BE(compressed.length + extra, 4);
    return Buffer.concat([head, compressed]).toString('base64');
  };
  /** Encodes a run of zeros: zigzag, seven bits in a byte. */
  const zeros = (count: number) => {
    const bytes: number[] = [];
    let word = 2 * count - 1;
    for (; word >= 128; word = Math.floor(word / 128)) bytes.push((word % 128) | 128);
    return Buffer.from([...bytes, word]);
  };

  test('reads a complete histogram', () => expect(read(encoded(plain()))).toEqual([[0, 1]]));
  test('reads zeros for all counts', () =>
    expect(read(encoded(plain({ payload: zeros(countsLength) })))).toEqual([]));

  test.each<[string, string, RegExp]>([
    ['an empty text', '', /not a histogram/],
    ['any text', 'SGVsbG8sIHdvcmxkLCBoZWxsbw==', /not a histogram/],
    ['another format', encoded(plain(), { cookie: 0x1c849304 }), /not a histogram/],
    ['a wrong length', encoded(plain(), { extra: 1 }), /incomplete/],
    [
      'half a histogram',
      encoded(plain({ payload: Buffer.alloc(9_000, 'abcdefg') })).slice(0, 60),
      /incomplete/,
    ],
    ['128 MiB of zeros, compressed', encoded(Buffer.alloc(2 ** 27)), /larger than/i],
    ['a text of a megabyte', 'A'.repeat(2 ** 20), /too long/],
    ['five digits', encoded(plain({ digits: 5 })), /another range or precision/],
    ['a range of 2⁶²', encoded(plain({ highest: 2n ** 62n })), /another range or precision/],
    ['another unit', encoded(plain({ lowest: 2n })), /another range or precision/],
    ['a payload longer than its stated length', encoded(plain({ length: 0 })), /incomplete/],
    [
      'one count too many',
      encoded(plain({ payload: Buffer.alloc(countsLength + 1, 2) })),
      /over 1 h/,
    ],
    ['one zero too many', encoded(plain({ payload: zeros(countsLength + 1) })), /over 1 h/],
    ['2⁴⁰ zeros', encoded(plain({ payload: zeros(2 ** 40) })), /over 1 h/],
    [
      'a count over the largest safe integer',
      encoded(plain({ payload: Buffer.alloc(9, 0xfe) })),
      /too large/,
    ],
    [
      'a number without an end',
      encoded(plain({ payload: Buffer.from([0x80]) })),
      /in the middle of a number/,
    ],
  ])('%s', (_name, text, reason) => expect(() => read(text)).toThrow(reason));
});
