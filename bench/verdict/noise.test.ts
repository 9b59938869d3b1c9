import { expect, test } from 'vitest';
import { grownBetween, heldKey, type Held } from '../result/held.ts';
import { areSteady, differ, isPendingKey, largestRises, wavesFor } from './noise.ts';

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
  ['unchanged, if the count is constant', [5, 5, 5], 1],
  ['unchanged, if the count only falls', [9, 7, 0], 1],
  ['from the lowest count to the highest one after it', [5, 9, 3, 6, 2, 8], 6],
  ['not to a higher count before it', [20, 3, 7], 4],
  ['from zero', [0, 4], 4],
])('the largest rise: %s', (_what, counts, rise) =>
  expect(largestRises(inspections(...counts), known).get(key)).toBe(rise),
);

test.each<[string, number[], number | undefined]>([
  ['none, if the count is constant', [400, 400, 400], undefined],
  ['twice the square root of the count', [400, 425, 410], 40],
  ['the same if the count only falls, as noise can', [425, 410, 400], 40],
  ['at most three times the change, if most things stay', [400, 402, 401], 6],
  ['the observed rise, if it is larger', [0, 30, 10], 30],
  ['none, if a pool closed all its members', [100, 50, 0], undefined],
])('the first window also estimates the likely rise: %s', (_what, counts, rise) =>
  expect(largestRises(inspections(...counts)).get(key)).toBe(rise),
);

test('two windows give the larger noise of each count', () => {
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

test('a number of promises that changes makes no server busy', () => {
  const promises = (count: number): Held[] => [{ ...timer(count), kind: 'promise' }];
  expect(differ(promises(10), promises(12))).toBe(false);
  expect(areSteady(promises(10), promises(12), new Map())).toBe(true);
  expect(isPendingKey(heldKey(promises(1)[0]!))).toBe(true);
  expect(isPendingKey(key)).toBe(false);
});

test('a rise up to the noise is not growth', () => {
  const noise = new Map([[key, 4]]);
  expect(grownBetween([timer(10)], [timer(14)], noise)).toEqual([]);
  expect(grownBetween([timer(10)], [timer(15)], noise)).toEqual([timer(5)]);
});

test.each([
  ['no noise', 0, 50, 1, 1],
  ['little noise', 3, 50, 4, 1],
  ['the noise of a few hundred jobs', 35, 50, 6, 4],
  ['the same noise, with small crowds', 35, 20, 10, 10],
  ['too much noise', 10_000, 50, 12, 12],
  ['too much noise, with small crowds', 10_000, 20, 30, 30],
])('the number of crowds in a round: %s', (_what, rise, streams, usual, confirming) => {
  const noise = new Map(rise > 0 ? [[key, rise]] : []);
  expect(wavesFor(noise, streams, 'usual')).toBe(usual);
  expect(wavesFor(noise, streams, 'confirming')).toBe(confirming);
});

test('a noisy rate does not need more crowds', () => {
  expect(wavesFor(new Map([['wakeup|something|', 400]]), 50, 'usual')).toBe(1);
});
