import { expect, test } from 'vitest';
import { arrivalsOf, openAtOnce } from './churn.ts';

const churn = {
  kind: 'churn',
  perSecond: 200,
  spacing: 'poisson',
  lifetimeMs: 2_000,
  lifetimes: 'random',
} as const;
const totalMs = 50_000;

test('estimates the streams open at once and the total number of streams', () => {
  expect(openAtOnce(churn)).toBe(400);
  expect(arrivalsOf(churn, totalMs)).toBe(10_000);
  expect(arrivalsOf({ ...churn, spacing: 'ramp' }, totalMs)).toBe(5_000);
});
