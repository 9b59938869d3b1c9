import { expect, test } from 'vitest';
import { growthHeld, growthInAll, growsInEach } from './open-streams.ts';

test.each([
  ['grows in each window', [100, 400, 700, 1_000], true],
  ['grows more slowly at the end', [100, 900, 1_300, 1_500], true],
  ['stops growing', [100, 900, 1_300, 1_310], false],
  ['falls once', [100, 900, 800, 1_500], false],
  ['grows a little', [100, 200, 300, 400], false],
])('memory that %s', (_what, sizes, grows) => expect(growsInEach(sizes, 150)).toBe(grows));

test.each([
  ['varies as much as it grows', [13_532, 14_196, 14_472, 15_624], 2_092],
  ['falls once', [14_428, 15_180, 15_027, 15_740], 1_312],
  ['grows a little', [100, 500, 300, 550], 0],
])('short windows raise a suspicion of memory that %s', (_what, sizes, growth) =>
  expect(growthInAll(sizes, 150)).toBe(growth),
);

test('the growth is counted per event and stream', () => {
  const [held] = growthHeld(900, 300, 10);
  expect(held).toMatchObject({ kind: 'growth', count: 30 }); // 3 KB per event, for 10 streams
});

test.each([
  ['nothing grew', 0, 300],
  ['no events came', 900, 0],
])('there is no figure if %s', (_what, growth, events) =>
  expect(growthHeld(growth, events, 10)).toEqual([]),
);
