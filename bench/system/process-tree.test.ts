import { expect, test } from 'vitest';
import { withEndedThreads } from './process-tree.ts';

const ms = 1e6;
/** @param endedMs CPU time of ended threads, as the steps show it */
const at = (livingMs: number, endedMs: number) => ({
  cpuNs: livingMs * ms,
  cpuInStepsNs: Math.floor((livingMs + endedMs) / 10) * 10 * ms,
});

test('the steps add nothing while no thread ends', () => {
  const first = withEndedThreads(at(55, 9), undefined);
  for (const livingMs of [55, 63.9, 71, 1_000.1])
    expect(withEndedThreads(at(livingMs, 9), first)).toBe(first);
  expect(first.ns).toBe(0);
});

test('threads that end count to the steps', () => {
  const first = withEndedThreads(at(500, 0), undefined);
  const second = withEndedThreads(at(300, 200), first);
  expect(second.ns / ms).toBeCloseTo(200, 0);
  const third = withEndedThreads(at(309, 205), second);
  expect(third).toBe(second);
  expect(withEndedThreads(at(309, 900), third).ns / ms).toBeGreaterThan(880);
});
