import { expect, test } from 'vitest';
import { grownBetween, heldKey, type Held } from '../result/held.ts';
import { differ, largestRises, mostNoise, wavesFor } from './noise.ts';

const timer = (count: number, line = 1): Held => ({
  kind: 'timer',
  what: 'setTimeout',
  place: { file: 'a.ts', line, column: 1 },
  traced: false,
  count,
});
const key = heldKey(timer(0));
const looks = (...counts: number[]) => counts.map((count) => (count === 0 ? [] : [timer(count)]));

test.each<[string, number[], number | undefined]>([
  ['nothing, where the count stays', [5, 5, 5], undefined],
  ['nothing, where it only falls', [9, 7, 0], undefined],
  ['from the least to the most after it', [5, 9, 3, 6, 2, 8], 6],
  ['not to the most before it', [20, 3, 7], 4],
  ['from where there was none', [0, 4], 4],
])('the largest rise: %s', (_what, counts, rise) =>
  expect(largestRises(looks(...counts)).get(key)).toBe(rise),
);

test('of two windows the larger noise of each count', () => {
  expect(
    mostNoise(
      new Map([
        ['a', 1],
        ['b', 5],
      ]),
      new Map([
        ['b', 2],
        ['c', 3],
      ]),
    ),
  ).toEqual(
    new Map([
      ['a', 1],
      ['b', 5],
      ['c', 3],
    ]),
  );
});

test.each<[Held[], Held[], boolean]>([
  [[timer(1)], [timer(1)], false],
  [[timer(1), timer(2, 2)], [timer(2, 2), timer(1)], false],
  [[timer(1)], [timer(2)], true],
  [[timer(1)], [], true],
  [[], [timer(1)], true],
])('%j and %j: different is %s', (one, other, isSo) => expect(differ(one, other)).toBe(isSo));

test('a rise up to the noise is no growth', () => {
  const noise = new Map([[key, 4]]);
  expect(grownBetween([timer(10)], [timer(14)], noise)).toEqual([]);
  expect(grownBetween([timer(10)], [timer(15)], noise)).toEqual([timer(5)]);
});

test.each([
  ['no noise', 0, 1],
  ['little', 10, 1],
  ['as a few hundred jobs have', 45, 4],
  ['too much', 10_000, 10],
])('crowds in a round, with %s', (_what, rise, waves) =>
  expect(wavesFor(new Map(rise > 0 ? [[key, rise]] : []), 150, 3.5)).toBe(waves),
);

test('a rate has no count, and does not ask for more crowds', () => {
  expect(wavesFor(new Map([['wakeup|something|', 400]]), 150, 3.5)).toBe(1);
});
