import { expect, test } from 'vitest';
import { randomFrom, shuffled } from './random.ts';

const draw = (seed: number, count: number) => {
  const random = randomFrom(seed);
  return Array.from({ length: count }, random);
};

test('the same seed gives the same numbers, and another seed gives others', () => {
  expect(draw(42, 5)).toEqual(draw(42, 5));
  expect(draw(42, 5)).not.toEqual(draw(43, 5));
});

test('numbers lie in [0, 1) and spread evenly', () => {
  const numbers = draw(7, 100_000);
  expect(Math.min(...numbers.slice(0, 50_000))).toBeGreaterThanOrEqual(0);
  expect(Math.max(...numbers.slice(0, 50_000))).toBeLessThan(1);
  const tenths = Array.from(
    { length: 10 },
    (_, tenth) => numbers.filter((n) => Math.floor(n * 10) === tenth).length,
  );
  // The tolerance is four standard deviations.
  for (const count of tenths) expect(Math.abs(count - 10_000)).toBeLessThan(400);
});

test('shuffles into every order equally often', () => {
  const random = randomFrom(1);
  const orders = new Map<string, number>();
  for (let n = 0; n < 6_000; n++) {
    const order = shuffled(['a', 'b', 'c'], random).join('');
    orders.set(order, (orders.get(order) ?? 0) + 1);
  }
  expect([...orders.keys()].toSorted()).toEqual(['abc', 'acb', 'bac', 'bca', 'cab', 'cba']);
  for (const count of orders.values()) expect(Math.abs(count - 1_000)).toBeLessThan(150);
});
