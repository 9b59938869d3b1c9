import { expect, test } from 'vitest';
import { planArrivals, plannedUntil, shareOf } from './plan.ts';

const plan = {
  streams: 1000,
  quietStreams: 200,
  slowReaders: 0,
  remainingStreams: 0,
  rampMs: 1_500,
  totalMs: 5_000,
  churn: null,
  seed: 7,
};

test('the same plan gives the same arrivals, another seed gives others', () => {
  expect(planArrivals(plan)).toEqual(planArrivals(plan));
  expect(planArrivals(plan)).not.toEqual(planArrivals({ ...plan, seed: 8 }));
});

test('plans every stream, in order, within the ramp', () => {
  const arrivals = planArrivals(plan);
  expect(arrivals.filter(({ cohort }) => cohort === 'paced')).toHaveLength(1000);
  expect(arrivals.filter(({ cohort }) => cohort === 'quiet')).toHaveLength(200);
  const times = arrivals.map(({ atMs }) => atMs);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(times[0]).toBeGreaterThanOrEqual(0);
  expect(times.at(-1)).toBeLessThan(1_500);
});

test('spreads streams evenly: each tenth of the ramp has a tenth of them', () => {
  const arrivals = planArrivals({ ...plan, quietStreams: 0 });
  for (let tenth = 0; tenth < 10; tenth++) {
    expect(arrivals.filter(({ atMs }) => Math.floor(atMs / 150) === tenth)).toHaveLength(100);
  }
});

test('starts all streams at once without a ramp', () => {
  expect(new Set(planArrivals({ ...plan, rampMs: 0 }).map(({ atMs }) => atMs))).toEqual(
    new Set([0]),
  );
});

test('divides the arrivals evenly among several generators', () => {
  const arrivals = planArrivals(plan);
  const shares = [0, 1, 2].map((generator) =>
    shareOf(arrivals, { plan, disconnect: 'kill', generator, generators: 3 }),
  );
  expect(shares.map(({ length }) => length)).toEqual([400, 400, 400]);
  expect(new Set(shares.flat())).toEqual(new Set(arrivals));
});

test('gives staying streams their own generator if the others are killed', () => {
  const remaining = { ...plan, remainingStreams: 30 };
  const arrivals = planArrivals(remaining);
  const shares = [0, 1, 2].map((generator) =>
    shareOf(arrivals, { plan: remaining, disconnect: 'kill', generator, generators: 3 }),
  );
  expect(shares.map(({ length }) => length)).toEqual([600, 600, 30]);
  expect(new Set(shares[2]!.map(({ cohort }) => cohort))).toEqual(new Set(['remaining']));
  expect(new Set(shares.flat())).toEqual(new Set(arrivals));
});

test('plans steady streams for the whole measurement, and streams with a lifetime for their part of it', () => {
  expect(plannedUntil(plan, 2_000, 5_000)).toEqual({ streams: 1000, streamMs: 1000 * 3_000 });
  const churn = {
    perSecond: 10,
    spacing: 'constant',
    lifetimeMs: 250,
    lifetimes: 'fixed',
  } as const;
  // One stream at 0, 100, 200 ms …, each for 250 ms. From 1,000 to 1,500 ms there are two earlier
  // streams, with 50 and 150 ms left, and five new ones. The end cuts 50 and 150 ms from the last
  // two.
  const planned = plannedUntil({ ...plan, churn }, 1_000, 1_500);
  expect(planned.streams).toBe(15);
  expect(planned.streamMs).toBeCloseTo(50 + 150 + 250 * 3 + 200 + 100, 6);
});
