import { expect, test } from 'vitest';
import { planArrivals, shareOf } from './plan.ts';

const plan = { streams: 1000, quietStreams: 200, rampMs: 1_500, seed: 7 };

test('the same plan gives the same arrivals, another seed others', () => {
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

test('spreads them evenly: each tenth of the ramp has a tenth of the streams', () => {
  const arrivals = planArrivals({ ...plan, quietStreams: 0 });
  for (let tenth = 0; tenth < 10; tenth++) {
    expect(arrivals.filter(({ atMs }) => Math.floor(atMs / 150) === tenth)).toHaveLength(100);
  }
});

test('without a ramp all start at once', () => {
  expect(new Set(planArrivals({ ...plan, rampMs: 0 }).map(({ atMs }) => atMs))).toEqual(new Set([0]));
});

test('several generators share the arrivals, each once, and alike', () => {
  const arrivals = planArrivals(plan);
  const shares = [0, 1, 2].map((generator) => shareOf(arrivals, generator, 3));
  expect(shares.map(({ length }) => length)).toEqual([400, 400, 400]);
  expect(new Set(shares.flat())).toEqual(new Set(arrivals));
});
