import { expect, test } from 'vitest';
import { decodeDurations } from './durations.ts';
import { createFanOut, fanOutOf } from './fan-out.ts';

const ms = 1e6;
const of = (all: Parameters<typeof fanOutOf>[0]) => decodeDurations([fanOutOf(all)]);

/** A feed of one number each 10 ms, which reaches stream k after k steps. */
function feed(streams: readonly number[], stepMs: number, numbers: number) {
  const it = createFanOut(Math.max(...streams) + 1);
  for (let n = 0; n < numbers; n++)
    for (const stream of streams) it.record(stream, n, (10 * n + stepMs * stream) * ms);
  return it;
}

test('the time from the first to the last receiver, over all generators', () => {
  const [one, other] = [feed([0, 2, 4], 0.5, 1_000), feed([1, 3, 5], 0.5, 1_000)];
  const all = [one, other].map((each) => each.arrivals(0, 10_000 * ms));
  expect(of(all).quantileMs(0)).toBeCloseTo(2.5, 2);
  expect(of(all).quantileMs(1)).toBeCloseTo(2.5, 2);
  // The numbers of the first 200 ms may come from a memory, and the last 10 % may be on their way.
  expect(of(all).count).toBe(880);
});

test('only numbers that arrive first in the measurement count', () => {
  const all = feed([0, 1], 1, 100).arrivals(200 * ms, 400 * ms);
  expect(of([all]).count).toBe(18);
});

test('a number that one stream received has no fan-out', () => {
  const it = createFanOut(2);
  for (const n of [0, 1]) for (const stream of [0, 1]) it.record(stream, n, 300 * n * ms);
  it.record(0, 2, 600 * ms);
  expect(of([it.arrivals(0, 10_000 * ms)]).count).toBe(1);
});

test('a stream that joins, or reconnects, counts only for newer numbers', () => {
  const it = createFanOut(3);
  for (const n of [0, 1, 2]) for (const stream of [0, 1]) it.record(stream, n, 300 * n * ms);
  it.record(2, 1, 650 * ms); // old numbers, from the memory of the server
  it.record(2, 2, 651 * ms);
  it.forget(1);
  it.record(1, 2, 652 * ms);
  expect(of([it.arrivals(0, 10_000 * ms)]).count).toBe(2);
  expect(of([it.arrivals(0, 10_000 * ms)]).quantileMs(1)).toBe(0);
});

test('numbers from a memory are not late receipts for another generator', () => {
  const [one, other] = [feed([0, 1], 1, 500), feed([0, 1], 1, 100)];
  other.forget(0);
  other.forget(1);
  // All its streams were away for 3 s, and now receive what they have missed.
  for (let n = 100; n < 400; n++) other.record(0, n, (4_000 + n / 100) * ms);
  const all = [one, other].map((each) => each.arrivals(0, 5_000 * ms));
  expect(of(all).quantileMs(1)).toBeLessThan(2);
});

test('many numbers take no more memory, and generators with other numbers still fit', () => {
  const [long, short] = [feed([0, 1], 1, 50_000), feed([0, 1], 2, 1_000)];
  const [kept, few] = [long, short].map((each) => each.arrivals(0, 1e15));
  expect(kept!.arrivals.length).toBeLessThanOrEqual(4_096);
  expect(kept!.arrivals.length).toBeGreaterThan(2_048);
  expect(kept!.stride).toBe(16);
  expect(few!.stride).toBe(1);
  const merged = of([kept!, few!]);
  expect(merged.count).toBe(kept!.arrivals.length);
  expect(merged.quantileMs(1)).toBeCloseTo(2, 2);
});
