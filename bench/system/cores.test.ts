import { expect, test } from 'vitest';
import { coresOf, parseCpuList, placeBeside, placement, placeOn } from './cores.ts';

const alone = (cpu: number) => [cpu];
const pairs = (cpu: number) => [cpu & ~1, cpu | 1];

test.each<[string, number[], (cpu: number) => number[], ReturnType<typeof placeOn>]>([
  ['one core does for both', [0], alone, undefined],
  ['two cores: one each', [0, 1], alone, { server: [0], load: [1], unpinned: false }],
  [
    'the cores that we may use, not those that there are',
    [4, 7],
    alone,
    { server: [4], load: [7], unpinned: false },
  ],
  [
    'the thread beside the server’s stays idle',
    [0, 1, 2, 3],
    pairs,
    { server: [0], load: [2, 3], unpinned: false },
  ],
  [
    'two threads of one core are better than one',
    [0, 1],
    pairs,
    { server: [0], load: [1], unpinned: false },
  ],
  ['none at all', [], alone, undefined],
])('%s', (_what, allowed, siblings, expected) =>
  expect(placeOn(allowed, siblings)).toEqual(expected),
);

const two = { server: [0], load: [1], unpinned: false };
const four = { server: [0], load: [1, 2, 3], unpinned: false };
test.each<[string, Parameters<typeof placeBeside>, ReturnType<typeof placeBeside>]>([
  ['nothing is known of it', [two, false, undefined], { server: [], load: [1], unpinned: true }],
  ['it may run anywhere', [two, false, [0, 1]], { server: [], load: [1], unpinned: true }],
  ['it is kept to the first core', [two, false, [0]], { server: [0], load: [1], unpinned: false }],
  [
    'it is kept to the core that would be the load’s',
    [two, false, [1]],
    { server: [1], load: [0], unpinned: false },
  ],
  [
    'it is kept to some of four',
    [four, false, [2, 3]],
    { server: [2, 3], load: [0, 1], unpinned: false },
  ],
  [
    'it is kept to cores that are not ours to use',
    [two, false, [4, 5]],
    { server: [4, 5], load: [0, 1], unpinned: false },
  ],
  [
    'others are started beside it, and it may run anywhere',
    [four, true, [0, 1, 2, 3]],
    { server: [0], load: [1, 2, 3], unpinned: true },
  ],
  [
    'others are started beside it, and it is kept to two cores',
    [four, true, [0, 1]],
    { server: [0], load: [2, 3], unpinned: false },
  ],
  [
    'others are started beside it, and it is kept to all of the load',
    [four, true, [1, 2, 3]],
    { server: [0], load: [1, 2, 3], unpinned: true },
  ],
])('a server of somebody else, where %s', (_what, args, expected) =>
  expect(placeBeside(...args)).toEqual(expected),
);

test.runIf(process.platform === 'linux')(
  'the cores of processes are those that they may run on',
  () => {
    const { server, load } = placement() ?? { server: [], load: [] };
    expect(coresOf([process.pid])).toEqual(expect.arrayContaining([...server, ...load]));
    expect(coresOf([process.pid, 2 ** 22 + 1])).toBeUndefined();
  },
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
