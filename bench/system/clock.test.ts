import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { machineClock } from './clock.ts';

test('reads what process.hrtime reads, to within a hundredth of a millisecond', () => {
  const clock = machineClock();
  const differencesNs = Array.from({ length: 200 }, () => {
    const before = Number(process.hrtime.bigint());
    const nowNs = clock.nowNs();
    const after = Number(process.hrtime.bigint());
    return Math.max(0, before - nowNs, nowNs - after);
  });
  expect(Math.max(...differencesNs)).toBeLessThan(10_000);
});

test('is the same clock in another process', () => {
  const clock = machineClock();
  const before = clock.nowNs();
  const { stdout } = spawnSync(process.execPath, ['-p', 'process.hrtime.bigint().toString()'], {
    encoding: 'utf8',
  });
  expect(Number(stdout)).toBeGreaterThan(before);
  expect(Number(stdout)).toBeLessThan(clock.nowNs());
});
