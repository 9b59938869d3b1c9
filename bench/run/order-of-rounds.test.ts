import { expect, test } from 'vitest';
import { orderOfRounds } from './order-of-rounds.ts';

const serversUnderTest = ['a', 'b', 'c', 'd'].map((name) => ({
  kind: 'reference' as const,
  name,
  file: name,
}));
const names = (rounds: number, seed: number) =>
  orderOfRounds(serversUnderTest, rounds, seed).map(
    ({ serverUnderTest, round }) => `${round}${serverUnderTest.name}`,
  );

test('every round measures every server once, before the next begins', () => {
  const order = names(3, 42);
  expect(order).toHaveLength(12);
  for (const round of [1, 2, 3]) {
    const own = order.slice((round - 1) * 4, round * 4);
    expect(own.toSorted()).toEqual(['a', 'b', 'c', 'd'].map((name) => `${round}${name}`));
  }
});

test('the order differs between rounds, and is the same for the same seed', () => {
  expect(names(6, 42)).toEqual(names(6, 42));
  expect(names(6, 42)).not.toEqual(names(6, 43));
  const rounds = Array.from({ length: 6 }, (_, round) =>
    names(6, 42)
      .slice(round * 4, round * 4 + 4)
      .map((name) => name.slice(1))
      .join(''),
  );
  expect(new Set(rounds).size).toBeGreaterThan(1);
});
