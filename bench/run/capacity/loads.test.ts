import { expect, test } from 'vitest';
import { runResult } from '../../tests/fixtures/helpers/result.ts';
import { fromOutside } from '../../scenario/scenario.ts';
import { loadKinds } from './loads.ts';

const scenario = {
  ...runResult([], []).scenario,
  streams: 1_000,
  quietStreams: 0,
  intervalMs: 100,
  rampMs: 1_500,
  durationMs: 2_500,
};
const server = fromOutside('own', 'http://127.0.0.1/', null);
const limits = { descriptors: 20_000, ports: 28_000, memoryBytes: 24e9 };

test('streams: limited by the descriptors, with a longer ramp for many and a longer measurement for few', () => {
  expect(loadKinds.streams.range({ scenario, limits })).toMatchObject({
    start: 1_000,
    least: 1,
    largest: 19_800,
  });
  expect(loadKinds.streams.under(scenario, 4_000, server)).toMatchObject({
    streams: 4_000,
    rampMs: 4_000,
    durationMs: 2_500,
  });
  const secure = fromOutside('own', 'https://127.0.0.1/', null);
  expect(loadKinds.streams.under(scenario, 4_000, secure)).toMatchObject({ rampMs: 12_000 });
  expect(loadKinds.streams.under(scenario, 10, server)).toMatchObject({
    streams: 10,
    rampMs: 1_500,
    durationMs: 12_000,
  });
  expect(loadKinds.streams.under(scenario, 1, server)).toMatchObject({ durationMs: 60_000 });
});

test('rate: only rates with intervals of whole milliseconds', () => {
  const { start, largest, snap } = loadKinds.rate.range({ scenario, limits });
  expect([start, largest]).toEqual([10, 1_000]);
  expect([snap(657), snap(400), snap(0.7), snap(5_000)]).toEqual([
    500,
    1_000 / 3,
    1_000 / 1_429,
    1_000,
  ]);
  expect(loadKinds.rate.under(scenario, snap(400), server)).toMatchObject({
    intervalMs: 3,
    streams: 1_000,
  });
});
