import { expect, test } from 'vitest';
import { randomFrom } from '../../statistics/random.ts';
import { leastTooMuch, searchKnee, type SearchOptions } from './search.ts';

const options: SearchOptions = {
  start: 1_000,
  least: 1,
  largest: 20_000,
  within: 0.1,
  snap: Math.round,
  times: 3,
};
/** A server with this capacity. */
const sustains = (capacity: number) => async (load: number) => ({
  holds: load <= capacity,
  outcome: load,
});

test.each([1, 7, 120, 999, 1_000, 1_001, 2_600, 19_999])(
  'finds the knee at %i to within 10 %',
  async (capacity) => {
    const { most, tooMuch, steps } = await searchKnee(sustains(capacity), options);
    expect(most).toBeLessThanOrEqual(capacity);
    expect(tooMuch).toBeGreaterThan(capacity);
    expect(tooMuch! - most! <= 1 || tooMuch! / most! <= 1.1).toBe(true);
    expect(steps.length).toBeLessThan(25);
    for (const load of [most, tooMuch])
      expect(steps.filter((step) => step.load === load)).toHaveLength(3);
  },
);

test('if only some loads are possible, both sides of the knee are neighbours among them', async () => {
  const snap = (perSecond: number) => 1_000 / Math.round(1_000 / perSecond); // whole milliseconds
  const { most, tooMuch } = await searchKnee(sustains(300), {
    ...options,
    start: 10,
    largest: 1_000,
    snap,
  });
  expect([most, tooMuch]).toEqual([250, 1_000 / 3]);
});

test.each([
  ['nothing', [], undefined],
  ['a load that holds', [[1_000, true]], undefined],
  [
    'both sides',
    [
      [1_000, true],
      [4_000, false],
      [2_000, false],
    ],
    2_000,
  ],
  [
    'a load with more failures than successes',
    [
      [1_000, true],
      [2_000, true],
      [2_000, false],
    ],
    2_000,
  ],
] as const)('after %s, an interrupted search knows what is too much', (_what, tries, expected) => {
  const steps = tries.map(([load, holds]) => ({ load, holds, outcome: undefined }));
  expect(leastTooMuch(steps)).toBe(expected);
});

test('finds one side only if every load holds, or none', async () => {
  expect(await searchKnee(sustains(1e9), options)).toMatchObject({ most: 20_000, tooMuch: null });
  expect(await searchKnee(sustains(0), options)).toMatchObject({ most: null, tooMuch: 1 });
});

test('finds the knee of a server with random results on average, in at most 40 steps', async () => {
  const random = randomFrom(1);
  const capacity = 3_000;
  const found = [];
  for (let n = 0; n < 100; n++) {
    // Within 10 % of the knee, the outcome is random.
    const attempt = async (load: number) => ({
      holds: random() < Math.min(1, Math.max(0, (1.1 - load / capacity) / 0.2)),
      outcome: load,
    });
    const { most, steps } = await searchKnee(attempt, options);
    expect(steps.length).toBeLessThanOrEqual(40);
    found.push(most!);
  }
  const median = found.toSorted((a, b) => a - b)[50]!;
  expect(Math.abs(median / capacity - 1)).toBeLessThan(0.1);
});
