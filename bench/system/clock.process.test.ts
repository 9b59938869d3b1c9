import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { machineClock } from './clock.ts';

test('is the same clock in another process', () => {
  const clock = machineClock();
  const before = clock.nowNs();
  const { stdout } = spawnSync(process.execPath, ['-p', 'process.hrtime.bigint().toString()'], {
    encoding: 'utf8',
  });
  expect(Number(stdout)).toBeGreaterThan(before);
  expect(Number(stdout)).toBeLessThan(clock.nowNs());
});
