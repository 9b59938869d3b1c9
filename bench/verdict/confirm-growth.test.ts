import { expect, test } from 'vitest';
import { growthLeak as leak } from '../tests/fixtures/helpers/counted-rounds.ts';
import { isGrowthConfirmed } from './confirm-growth.ts';

test.each<[string, number | undefined, boolean]>([
  ['as much per event', 400, true],
  ['somewhat less per event', 250, true],
  ['much less per event, because a history is nearly full', 150, false],
  ['nothing in some second, because a history is full', undefined, false],
])('streams that stay longer: %s', (_what, count, isConfirmed) => {
  const grown = count === undefined ? [] : [{ ...leak, count }];
  expect(isGrowthConfirmed(leak, { grown, disconnects: 50 })).toBe(isConfirmed);
});
