import { expect, test } from 'vitest';
import { growthHeld, steadyGrowth } from './open-streams.ts';

test.each([
  ['grows in each window', [100, 400, 700, 1_000], 900],
  ['grows more slowly at the end', [100, 900, 1_300, 1_500], 1_400],
  ['stops growing', [100, 900, 1_300, 1_310], 0],
  ['falls once', [100, 900, 800, 1_500], 0],
  ['grows a little', [100, 200, 300, 400], 0],
])('memory that %s', (_what, sizes, growth) => expect(steadyGrowth(sizes, 150)).toBe(growth));

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
