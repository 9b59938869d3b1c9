import { expect, test } from 'vitest';
import { fromOutside, type ServerUnderTest } from '../scenario/scenario.ts';
import { steady } from '../tests/fixtures/helpers/scenario.ts';
import { manyProcessesInWords } from './many-processes.ts';

const limits = { descriptors: 20_000, ports: 28_232, memoryBytes: 24e9 };
const floor: ServerUnderTest = { kind: 'reference', name: 'floor', file: 'floor.ts' };
const wordsFor = (overrides: object, servers: readonly ServerUnderTest[] = [floor]) =>
  manyProcessesInWords({ ...steady, ...overrides }, servers, limits, undefined);

test('100,000 streams: the processes on both sides, and the addresses', () => {
  const scenario = { streams: 100_000, quietStreams: 0, intervalMs: 10_000, serverProcesses: 6 };
  expect(wordsFor(scenario)).toEqual([
    'Each reference server has 6 processes on one port; the load has 6 generators; it connects from 18 addresses, 127.0.1.1 to 127.0.1.18. One process may open 20000 file descriptors.',
  ]);
});

test('nothing, if one process and one address are enough', () =>
  expect(wordsFor({ streams: 11_000, quietStreams: 0 })).toEqual([]));

test('a server of the user: only about the load', () => {
  const scenario = { streams: 12_000, quietStreams: 0, intervalMs: 1_000 };
  expect(wordsFor(scenario, [fromOutside('it', 'http://127.0.0.1:1/', 1_000)])).toEqual([
    'The load has 1 generator; it connects from 3 addresses, 127.0.1.1 to 127.0.1.3. One process may open 20000 file descriptors.',
  ]);
});
