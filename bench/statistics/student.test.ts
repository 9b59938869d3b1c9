import { expect, test } from 'vitest';
import { normalQuantile, normalShareBelow, studentQuantile } from './student.ts';

/** Values of scipy.stats.norm.cdf (scipy 1.17.1). */
test.each([
  [-4, 3.167124183311986e-5],
  [-2.8, 0.002555130330427932],
  [-1.96, 0.024997895148220435],
  [0, 0.5],
  [0.5, 0.6914624612740131],
  [1, 0.8413447460685429],
])('the share of a normal distribution below %d', (z, share) => {
  expect(Math.abs(normalShareBelow(z) - share)).toBeLessThan(1e-7);
  expect(normalQuantile(share)).toBeCloseTo(z, 2);
});

/** Values of scipy.stats.t.ppf. */
test.each([
  [0.975, 3, 3.1824463052837078, 0.008],
  [0.975, 5, 2.5705818356363146, 0.0011],
  [0.975, 9, 2.262157162798205, 0.0002],
  [0.025, 9, -2.262157162798205, 0.0002],
  [0.975, 59, 2.000995378088267, 0.0001],
])('Student’s quantile of %d with %i degrees of freedom', (share, degrees, quantile, within) => {
  expect(Math.abs(studentQuantile(share, degrees) / quantile - 1)).toBeLessThan(within);
});
