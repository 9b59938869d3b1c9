import { describe, expect, test } from 'vitest';
import { heldKey, noNoise, type Held } from '../result/held.ts';
import type { Leak } from '../result/leak-result.ts';
import { roundsThatGrow, timersHeld } from '../tests/fixtures/helpers/counted-rounds.ts';
import { isAsKnown, isInProportion, isStillHeld, releasedOf } from './stable-growth.ts';

const key = heldKey(timersHeld(0));
const leak: Leak = {
  ...timersHeld(250),
  perDisconnect: 1,
  disconnects: 250,
  afterMs: 5_000,
  releasedAfterMs: null,
};
/** Rounds of 50, 100 and 100 disconnects that grow by these counts. */
const roundsWith = (...counts: number[]) => roundsThatGrow(counts, [50, 100, 100]);

describe('growth is in proportion to the disconnects', () => {
  test.each<[string, number[], boolean, boolean]>([
    ['one each', [50, 100, 100], true, true],
    ['two each', [100, 200, 200], true, true],
    ['one at every second', [25, 50, 50], true, true],
    ['about half, by chance', [20, 56, 49], false, true],
    ['a pool, full after two rounds', [45, 50, 0], false, false],
    ['a cache, full in the third round', [50, 100, 60], false, false],
    ['too few', [10, 20, 20], false, false],
  ])('%s', (_what, counts, exactly, byChance) => {
    const rounds = roundsWith(...counts);
    expect(isInProportion(leak, rounds, noNoise, false)).toBe(exactly);
    expect(isInProportion(leak, rounds, noNoise, true)).toBe(byChance);
  });
  test('never in a noisy count', () =>
    expect(isInProportion(leak, roundsWith(50, 100), new Map([[key, 1]]), true)).toBe(false));
});

describe('growth is that of a known leak', () => {
  const entry: Held = { ...timersHeld(0), kind: 'entry', what: 'entry of a Map' };
  const response: Held = { ...timersHeld(40), kind: 'response', what: 'dead response' };
  test.each<[string, Held[], Held[], boolean]>([
    ['at the same rate', [timersHeld(7)], [timersHeld(57)], true],
    ['at nearly the same rate', [timersHeld(0)], [timersHeld(46)], true],
    ['with its responses', [timersHeld(0)], [timersHeld(50), response], true],
    ['at half the rate', [timersHeld(0)], [timersHeld(25)], false],
    ['at twice the rate', [timersHeld(0)], [timersHeld(100)], false],
    ['beside something else', [timersHeld(0)], [timersHeld(50), { ...entry, count: 1 }], false],
    ['and something is released', [{ ...entry, count: 1 }], [timersHeld(50)], false],
    ['not at all', [timersHeld(7)], [timersHeld(7)], false],
  ])('%s', (_what, before, held, isSo) => {
    expect(isAsKnown(new Map([[key, 1]]), before, held, 50)).toBe(isSo);
  });
  test('never if it is rare, or known in another way', () => {
    const [before, held] = [[timersHeld(0)], [timersHeld(5)]];
    expect(isAsKnown(new Map([[key, 0.1]]), before, held, 50)).toBe(false);
    expect(isAsKnown(new Map([[key, NaN]]), before, held, 50)).toBe(false);
  });
});

test.each<[string, number, number, boolean]>([
  ['all of it', 250, 0, true],
  ['that of the last round', 100, 0, true],
  ['less than that of the last round', 60, 0, false],
  ['all of it, but no more than before', 250, 250, false],
])('growth has missed its deadline if it is still held: %s', (_what, held, mark, isSo) =>
  expect(
    isStillHeld(
      leak,
      roundsWith(50, 100, 100),
      [timersHeld(0)],
      [timersHeld(held)],
      [timersHeld(mark)],
    ),
  ).toBe(isSo),
);

test('promises that also grow without clients have not missed their deadline', () => {
  const promises = (all: readonly Held[]): Held[] =>
    all.map((each) => ({ ...each, kind: 'promise' }));
  const rounds = roundsWith(50, 100, 100).map((round) => ({
    ...round,
    before: promises(round.before),
    held: promises(round.held),
  }));
  const isHeld = (count: number) =>
    isStillHeld({ ...leak, kind: 'promise' }, rounds, [], promises([timersHeld(count)]), []);
  expect(isHeld(250)).toBe(true);
  expect(isHeld(300)).toBe(false);
});

describe('the sum of several modes', () => {
  const modes = [[{ key, count: 150 }], [{ key, count: 40 }]];
  test.each<[string, number, boolean]>([
    ['is held', 190, false],
    ['is held, but for a few', 187, false],
    ['lacks the growth of the smaller mode', 150, true],
  ])('%s', (_what, held, isGone) =>
    expect(releasedOf(modes, [timersHeld(0)], [timersHeld(held)]).has(key)).toBe(isGone),
  );
});
