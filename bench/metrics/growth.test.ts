import { expect, test } from 'vitest';
import { growthBytesPerSecond } from './growth.ts';

const sample = (atMs: number, rssBytes: number | null) => ({
  atMs,
  rssBytes,
  descriptors: null,
  connections: null,
  open: 1,
  eventsPerSecond: 1,
  loopDelayMs: null,
  deliveryMs: null,
  cpuShare: null,
});
const phases = [
  { phase: 'ramp', atMs: 0 },
  { phase: 'measure', atMs: 1_000 },
  { phase: 'disconnect', atMs: 3_000 },
];

test('the slope uses only samples of the phase', () => {
  const samples = [
    sample(500, 1e6),
    sample(1_000, 100),
    sample(1_500, 620),
    sample(2_000, 1_060),
    sample(2_500, 1_600),
    sample(3_500, 1e6),
  ];
  // Scattered around 100 + 1,000 bytes per second.
  expect(growthBytesPerSecond({ phases, samples }, 'measure')).toBeCloseTo(988, 0);
});

test('fewer than two samples have no slope', () => {
  expect(
    growthBytesPerSecond({ phases, samples: [sample(1_500, 5), sample(2_000, null)] }, 'measure'),
  ).toBeUndefined();
  expect(growthBytesPerSecond({ phases: [], samples: [] }, 'measure')).toBeUndefined();
});
