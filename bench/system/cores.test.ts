import { expect, test } from 'vitest';
import { parseCpuList, placement, placeOn } from './cores.ts';

const alone = (cpu: number) => [cpu];
const pairs = (cpu: number) => [cpu & ~1, cpu | 1];

test.each<[string, number[], (cpu: number) => number[], ReturnType<typeof placeOn>]>([
  ['one core does for both', [0], alone, undefined],
  ['two cores: one each', [0, 1], alone, { server: [0], load: [1] }],
  [
    'the cores that we may use, not those that there are',
    [4, 7],
    alone,
    { server: [4], load: [7] },
  ],
  ['the thread beside the server’s stays idle', [0, 1, 2, 3], pairs, { server: [0], load: [2, 3] }],
  ['two threads of one core are better than one', [0, 1], pairs, { server: [0], load: [1] }],
  ['none at all', [], alone, undefined],
])('%s', (_what, allowed, siblings, expected) =>
  expect(placeOn(allowed, siblings)).toEqual(expected),
);

test.each([
  ['0', [0]],
  ['0-3', [0, 1, 2, 3]],
  ['0-1,4,6-7\n', [0, 1, 4, 6, 7]],
  ['', []],
])('reads %j', (text, cpus) => expect(parseCpuList(text)).toEqual(cpus));

test.runIf(process.platform === 'linux')('finds cores on this machine, none of them twice', () => {
  const { server, load } = placement() ?? { server: [], load: [] };
  expect(new Set([...server, ...load]).size).toBe(server.length + load.length);
});
