import { expect, test } from 'vitest';
import { decodeDurations } from '../measure/histogram.ts';
import { releaseTimes } from './release.ts';

const ms = (times: number[]) => times.map((time) => time * 1e6);
const found = (closedMs: number[], releasedMs: number[]) =>
  decodeDurations([releaseTimes(ms(closedMs), ms(releasedMs))]);

test('pairs the k-th letting go with the k-th leaving', () => {
  const closed = Array.from({ length: 1_000 }, (_, k) => 5_000 + k);
  const durations = found(
    closed,
    closed.map((atMs) => atMs + 100),
  );
  expect(durations.count).toBe(1_000);
  expect(durations.quantileMs(0.5)! / 100).toBeCloseTo(1, 2);
  expect(durations.quantileMs(1)! / 100).toBeCloseTo(1, 2);
});

test('what was not let go has no time', () => expect(found([10, 20, 30], [12]).count).toBe(1));
test('where more was let go than left, nothing can be told', () =>
  expect(found([10], [12, 13]).count).toBe(0));
