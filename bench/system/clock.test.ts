import { expect, test } from 'vitest';
import { machineClock } from './clock.ts';

test('agrees with process.hrtime to within 0.01 ms', () => {
  const clock = machineClock();
  const differencesNs = Array.from({ length: 200 }, () => {
    const before = Number(process.hrtime.bigint());
    const nowNs = clock.nowNs();
    const after = Number(process.hrtime.bigint());
    return Math.max(0, before - nowNs, nowNs - after);
  });
  expect(Math.max(...differencesNs)).toBeLessThan(10_000);
});
