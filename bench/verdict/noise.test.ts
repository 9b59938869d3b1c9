import { expect, test } from 'vitest';
import { grownBetween, heldKey, type Held } from '../result/held.ts';
import { differ, largestRises, wavesFor } from './noise.ts';

const timer = (count: number, line = 1): Held => ({
  kind: 'timer',
  what: 'setTimeout',
  place: { file: 'a.ts', line, column: 1 },
  traced: false,
  count,
});
const key = heldKey(timer(0));
const inspections = (...counts: number[]) =>
  counts.map((count) => (count === 0 ? [] : [timer(count)]));

const known = new Map([[key, 1]]);
test.each<[string, number[], number | undefined]>([
  ['nothing new, where the count stays', [5, 5, 5], 1],
  ['nothing new, where it only falls', [9, 7, 0], 1],
  ['from the least to the most after it', [5, 9, 3, 6, 2, 8], 6],
  ['not to the most before it', [20, 3, 7], 4],
  ['from where there was none', [0, 4], 4],
])('the largest rise: %s', (_what, counts, rise) =>
  expect(largestRises(inspections(...counts), known).get(key)).toBe(rise),
);

test.each<[string, number[], number | undefined]>([
  ['nothing, where the count stays', [400, 400, 400], undefined],
  ['twice the root of their number', [400, 425, 410], 40],
  ['the same where it only falls, which noise may do too', [425, 410, 400], 40],
  ['no more than three times what changed, where others stay', [400, 402, 401], 6],
  ['what it rose by, where that is more', [0, 30, 10], 30],
  ['nothing, where a pool closed all that there was', [100, 50, 0], undefined],
])('the first window also shows how much is likely: %s', (_what, counts, rise) =>
  expect(largestRises(inspections(...counts)).get(key)).toBe(rise),
);

test('of two windows the larger noise of each count', () => {
  const other = heldKey(timer(0, 2));
  const noise = largestRises(inspections(1, 3), new Map([[other, 5]]));
  expect([...noise]).toEqual(
    expect.arrayContaining([
      [key, 2],
      [other, 5],
    ]),
  );
  expect(largestRises(inspections(1, 3), new Map([[key, 7]])).get(key)).toBe(7);
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
  ['no noise', 0, 50, 1, 1],
  ['little', 3, 50, 4, 1],
  ['as a few hundred jobs have', 35, 50, 6, 4],
  ['the same, and small crowds', 35, 20, 10, 10],
  ['too much', 10_000, 50, 12, 12],
  ['too much, and small crowds', 10_000, 20, 30, 30],
])('crowds in a round, with %s', (_what, rise, streams, usual, confirming) => {
  const noise = new Map(rise > 0 ? [[key, rise]] : []);
  expect(wavesFor(noise, streams, 'usual')).toBe(usual);
  expect(wavesFor(noise, streams, 'confirming')).toBe(confirming);
});

test('a rate has no count, and does not ask for more crowds', () => {
  expect(wavesFor(new Map([['wakeup|something|', 400]]), 50, 'usual')).toBe(1);
});
