import { expect, test } from 'vitest';
import { evictionsIn } from './evictions.ts';

const phases = [
  { phase: 'ramp', atMs: 0 },
  { phase: 'warm up', atMs: 1_000 },
  { phase: 'measure', atMs: 2_000 },
  { phase: 'disconnect', atMs: 4_000 },
];
const timeline = (...open: (number | null)[]) => ({
  phases,
  samples: open.map((descriptors, place) => ({
    atMs: 500 * (place + 1),
    descriptors,
    connections: null,
    rssBytes: 1,
    open: 1,
    eventsPerSecond: 1,
    loopDelayMs: null,
    deliveryMs: null,
    cpuShare: null,
  })),
});

test('counts descriptors closed between the peak and the end of the measurement, and when half were', () => {
  expect(evictionsIn(timeline(30, 60, 60, 58, 52, 50, 50, 50, 3, 3))).toEqual({
    closed: 10,
    afterMs: 1_500,
  });
});

test.each([
  ['without a process', null],
  ['with a process, whose pools have descriptors too', 90],
])('%s, the connections to the URL count', (_about, descriptors) => {
  const { samples, ...others } = timeline(60, 60, 55, 40, 40);
  const ofUrl = samples.map((sample, place) => ({
    ...sample,
    descriptors: descriptors && descriptors - 9 * place,
    connections: sample.descriptors,
  }));
  expect(evictionsIn({ ...others, samples: ofUrl })).toEqual({ closed: 20, afterMs: 1_000 });
});

test('nothing was closed', () =>
  expect(evictionsIn(timeline(30, 60, 60, 60, 60, 60, 60, 60, 3))).toEqual({
    closed: 0,
    afterMs: null,
  }));
test('without descriptors there is no count', () =>
  expect(evictionsIn(timeline(null, null))).toBeUndefined());
