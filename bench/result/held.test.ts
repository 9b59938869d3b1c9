import { describe, expect, test } from 'vitest';
import { addUpHeld, atMost, describeHeld, grownBetween, type Held } from './held.ts';

const held = (what: string, count: number, line = 1): Held => ({
  kind: 'timer',
  what,
  place: { file: 'a.ts', line, column: 1 },
  traced: false,
  library: undefined,
  count,
});

describe('growth', () => {
  test('includes new things and higher counts', () => {
    expect(
      grownBetween([held('x', 2), held('y', 5)], [held('x', 7), held('y', 5), held('z', 3)]),
    ).toEqual([held('x', 5), held('z', 3)]);
  });

  test('excludes lower counts and absent things', () => {
    expect(grownBetween([held('x', 2), held('y', 5)], [held('x', 1)])).toEqual([]);
  });

  test('excludes a few promises, which come and go in every program', () => {
    const promises = (count: number): Held[] => [{ ...held('x', count), kind: 'promise' }];
    expect(grownBetween(promises(10), promises(13))).toEqual([]);
    expect(grownBetween(promises(10), promises(14))).toMatchObject([{ count: 4 }]);
  });

  test('distinguishes places', () => {
    expect(grownBetween([held('x', 2, 1)], [held('x', 2, 9)])).toEqual([held('x', 2, 9)]);
  });
});

test('merges equal things and sums their counts', () => {
  expect(addUpHeld([held('x', 2), held('y', 1), held('x', 3)])).toEqual([
    held('x', 5),
    held('y', 1),
  ]);
});

test('takes the highest count of two countings', () => {
  expect(atMost([held('x', 9), held('y', 1)], [held('x', 10), held('z', 2)])).toEqual([
    held('x', 10),
    held('y', 1),
    held('z', 2),
  ]);
});

test.each([
  [held('setTimeout', 1, 14), 'setTimeout at a.ts:14'],
  [{ ...held('setTimeout', 1, 14), traced: true }, 'setTimeout created at a.ts:14'],
  [
    {
      ...held('setTimeout', 1, 14),
      traced: true,
      library: { file: 'node_modules/hono/s.js', line: 50, column: 2 },
    },
    'setTimeout created at a.ts:14, by node_modules/hono/s.js:50',
  ],
  [{ ...held('dead response', 1), place: undefined }, 'dead response'],
])('describes a thing with its place', (one, text) => expect(describeHeld(one)).toBe(text));
