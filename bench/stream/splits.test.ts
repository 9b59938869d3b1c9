/** Random responses in random pieces: the reader of responses sees what a plain parser finds. */
import { expect, test } from 'vitest';
import { compareSplits } from '../tests/fixtures/helpers/compare-splits.ts';

test.each([0, 300, 600])('in 1,500 splits from seed %i', (first) => {
  const seeds = Array.from({ length: 300 }, (_, n) => first + n);
  expect(seeds.flatMap((seed) => compareSplits(seed).different)).toEqual([]);
});
