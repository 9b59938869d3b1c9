import { describe, expect, test } from 'vitest';
import { randomFrom } from '../statistics/random.ts';
import { heapSlopeOf, isGrowing, isHeapHeld, isHeapSuspect } from './heap-growth.ts';

const rounds = (...grownKb: number[]) =>
  grownKb.map((each, place) => ({ disconnects: [150, 50, 100, 100, 500][place]!, grownKb: each }));

test.each<[string, number, number, boolean]>([
  ['3 KB per disconnect', 150, 450, true],
  ['2 KB per disconnect', 150, 300, false],
  ['more per disconnect, but little in all', 15, 100, false],
])('a growth makes memory a suspect: %s', (_what, disconnects, grownKb, isSo) =>
  expect(isHeapSuspect({ disconnects, grownKb })).toBe(isSo),
);

test('a round that hardly grew ends the search', () => {
  expect(isGrowing({ disconnects: 50, grownKb: 80 })).toBe(true);
  expect(isGrowing({ disconnects: 50, grownKb: 60 })).toBe(false);
});

describe('the slope of memory', () => {
  test('is that of all rounds, with its interval', () => {
    const slope = heapSlopeOf(rounds(610, 190, 410, 395, 2_000))!;
    expect(slope.perDisconnect).toBeCloseTo(4, 1);
    expect(slope.interval[0]).toBeGreaterThan(3.8);
    expect(slope.interval[1]).toBeLessThan(4.2);
    expect(slope).toMatchObject({ grownKb: 3_605, disconnects: 900 });
  });
  test.each<[string, number[]]>([
    ['a cache that is full in the last round', [600, 200, 400, 400, 300]],
    ['code that is compiled once', [600, 20, 10, 5, 10]],
    ['less than 3 KB per disconnect', [420, 140, 280, 280, 1_400]],
    ['a growth that varies too much', [900, 0, 700, 10, 1_500]],
    ['too few rounds', [600, 200, 400]],
    ['none', []],
  ])('is not a leak: %s', (_what, grown) => expect(heapSlopeOf(rounds(...grown))).toBeUndefined());

  test('exceeds the least in at most one of a thousand servers that only warm up', () => {
    const random = randomFrom(1);
    let accused = 0;
    for (let n = 0; n < 1_000; n++) {
      // V8 compiles and optimizes at random times, for up to 400 KB each time.
      const grown = rounds(0, 0, 0, 0, 0).map(() => (random() < 0.3 ? 400 * random() : 20));
      if (isHeapSuspect({ disconnects: 150, grownKb: grown[0]! }))
        accused += heapSlopeOf(rounds(...grown)) ? 1 : 0;
    }
    expect(accused).toBeLessThanOrEqual(1);
  });
});

test('memory that was released before the deadline is not a leak', () => {
  expect(isHeapHeld(3_600, 3_500)).toBe(true);
  expect(isHeapHeld(3_600, 2_000)).toBe(false);
});
