import { expect, test } from 'vitest';
import { machineLimits } from './machine-limits.ts';

test('reads the limits of this machine', () => {
  const { descriptors, ports } = machineLimits();
  expect(descriptors).toBeGreaterThan(100);
  expect(ports).toBeGreaterThan(1_000);
});
