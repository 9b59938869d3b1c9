import { expect, test } from 'vitest';
import { randomFrom } from '../statistics/random.ts';
import { roomIn, serverProcessesFor } from './server-processes.ts';

test.each([
  [1, 20_000, 1],
  [19_800, 20_000, 1],
  [19_801, 20_000, 2],
  [38_500, 20_000, 2],
  [39_600, 20_000, 3], // two would be full only if the system shared exactly
  [100_000, 20_000, 6],
  [1_000_000, 20_000, 53],
  [5_000, 4_000, 2],
  [100_000, Infinity, 1],
  [100_000, 300, Infinity],
])('%i streams with %i descriptors each need %i processes', (streams, descriptors, processes) => {
  expect(serverProcessesFor(streams, descriptors)).toBe(processes);
});

test('no process runs out of descriptors, although chance spreads the streams', () => {
  const [processes, descriptors] = [6, 2_200];
  const random = randomFrom(1);
  for (let start = 0; start < 20; start++) {
    const open = Array.from({ length: processes }, () => 0);
    for (let stream = 0; stream < roomIn(processes, descriptors); stream++)
      open[Math.floor(random() * processes)]!++;
    expect(Math.max(...open)).toBeLessThanOrEqual(descriptors - 200);
  }
});

test('the room is used well', () => {
  expect(roomIn(6, 20_000) / (6 * 19_800)).toBeGreaterThan(0.96);
});
