import { expect, test } from 'vitest';
import { coresOf, parseCpuList, placeBeside, placement, placeOn } from './cores.ts';

const alone = (cpu: number) => [cpu];
const pairs = (cpu: number) => [cpu & ~1, cpu | 1];

test.each<[string, number[], (cpu: number) => number[], ReturnType<typeof placeOn>]>([
  ['one core: server and load share it', [0], alone, undefined],
  ['two cores: one for each', [0, 1], alone, { server: [0], load: [1], unpinned: false }],
  ['uses only the allowed cores', [4, 7], alone, { server: [4], load: [7], unpinned: false }],
  [
    'the other hardware thread of the server’s core stays idle',
    [0, 1, 2, 3],
    pairs,
    { server: [0], load: [2, 3], unpinned: false },
  ],
  [
    'two threads of a single core: one for each',
    [0, 1],
    pairs,
    { server: [0], load: [1], unpinned: false },
  ],
  ['no cores', [], alone, undefined],
])('%s', (_what, allowed, siblings, expected) =>
  expect(placeOn(allowed, siblings)).toEqual(expected),
);

test.each([
  [3, [0, 1], [0], [1]],
  [3, [0, 1, 2, 3], [0, 1], [2, 3]],
  [3, [0, 1, 2, 3, 4, 5, 6, 7], [0, 1, 2], [3, 4, 5, 6, 7]],
])('%i server processes on cores %j get %j', (processes, allowed, server, load) =>
  expect(placeOn(allowed, alone, processes)).toEqual({ server, load, unpinned: false }),
);

const two = { server: [0], load: [1], unpinned: false };
const four = { server: [0], load: [1, 2, 3], unpinned: false };
test.each<[string, Parameters<typeof placeBeside>, ReturnType<typeof placeBeside>]>([
  ['its cores are unknown', [two, false, undefined], { server: [], load: [1], unpinned: true }],
  ['it may run on any core', [two, false, [0, 1]], { server: [], load: [1], unpinned: true }],
  [
    'it is restricted to the first core',
    [two, false, [0]],
    { server: [0], load: [1], unpinned: false },
  ],
  [
    'it is restricted to the core that the load would use',
    [two, false, [1]],
    { server: [1], load: [0], unpinned: false },
  ],
  [
    'it is restricted to two of four cores',
    [four, false, [2, 3]],
    { server: [2, 3], load: [0, 1], unpinned: false },
  ],
  [
    'it is restricted to cores that ssebench may not use',
    [two, false, [4, 5]],
    { server: [4, 5], load: [0, 1], unpinned: false },
  ],
  [
    'ssebench starts another server, and it may run on any core',
    [four, true, [0, 1, 2, 3]],
    { server: [0], load: [1, 2, 3], unpinned: true },
  ],
  [
    'ssebench starts another server, and it is restricted to two cores',
    [four, true, [0, 1]],
    { server: [0], load: [2, 3], unpinned: false },
  ],
  [
    'ssebench starts another server, and it is restricted to all cores of the load',
    [four, true, [1, 2, 3]],
    { server: [0], load: [1, 2, 3], unpinned: true },
  ],
])('a server that ssebench did not start: %s', (_what, args, expected) =>
  expect(placeBeside(...args)).toEqual(expected),
);

test.runIf(process.platform === 'linux')('reads the cores that processes may run on', () => {
  const { server, load } = placement() ?? { server: [], load: [] };
  expect(coresOf([process.pid])).toEqual(expect.arrayContaining([...server, ...load]));
  expect(coresOf([process.pid, 2 ** 22 + 1])).toBeUndefined();
});

test.each([
  ['0', [0]],
  ['0-3', [0, 1, 2, 3]],
  ['0-1,4,6-7\n', [0, 1, 4, 6, 7]],
  ['', []],
])('reads %j', (text, cpus) => expect(parseCpuList(text)).toEqual(cpus));

test.runIf(process.platform === 'linux')('assigns each core of this machine at most once', () => {
  const { server, load } = placement() ?? { server: [], load: [] };
  expect(new Set([...server, ...load]).size).toBe(server.length + load.length);
});
