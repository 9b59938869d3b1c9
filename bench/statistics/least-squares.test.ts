import { expect, test } from 'vitest';
import { lineThrough } from './least-squares.ts';

test('points on a line give its slope without error', () => {
  const line = lineThrough([
    [1, 5],
    [2, 7],
    [4, 11],
    [5, 13],
  ])!;
  expect(line.slope).toBeCloseTo(2, 10);
  expect(line.slopeError).toBeCloseTo(0, 10);
});

test('other points give the slope and error calculated by hand', () => {
  // By hand, for (0, 1), (1, 1), (2, 3), (3, 3): slope 0.8, rest 0.8, spread 5, two degrees of
  // freedom.
  const line = lineThrough([
    [0, 1],
    [1, 1],
    [2, 3],
    [3, 3],
  ])!;
  expect(line.slope).toBeCloseTo(0.8, 10);
  expect(line.slopeError).toBeCloseTo(Math.sqrt(0.8 / 2 / 5), 10);
});

test('no points, or points with the same x, give no line', () => {
  expect(lineThrough([])).toBeUndefined();
  expect(
    lineThrough([
      [1, 2],
      [1, 3],
    ]),
  ).toBeUndefined();
});
