import { expect, test } from 'vitest';
import { streamsOf, type Demand } from './demand.ts';
import { chooseServerProcesses } from './descriptor-room.ts';
import type { ServerUnderTest } from './scenario.ts';

const floor: ServerUnderTest = { kind: 'reference', name: 'floor', file: 'floor.ts' };

function chosen(streams: number, more: Partial<Demand> = {}, platform: NodeJS.Platform = 'linux') {
  const complaints: string[] = [];
  const demand: Demand = {
    streams,
    room: undefined,
    others: 0,
    quietStreamsFor: () => 0,
    perConnection: 1,
    isOneClient: false,
    given: undefined,
    ...more,
  };
  const processes = chooseServerProcesses(
    [floor],
    demand,
    streamsOf(demand),
    20_000,
    (complaint) => complaints.push(complaint),
    platform,
  );
  return { processes, complaints };
}

test('on Linux, the processes follow from the streams', () =>
  expect(chosen(100_000)).toEqual({ processes: 6, complaints: [] }));

test('a given number is used, if it is enough', () =>
  expect(chosen(100_000, { given: 8 })).toEqual({ processes: 8, complaints: [] }));

test('elsewhere there is one process', () => {
  expect(chosen(19_800, {}, 'darwin')).toEqual({ processes: 1, complaints: [] });
  expect(chosen(100_000, {}, 'darwin').complaints).toEqual([
    '--streams 100000: with 0 quiet streams, a server needs 100200 file descriptors, but its limit is 20000; use at most 19800, or raise the limit with ulimit -n',
  ]);
  expect(chosen(100, { given: 2 }, 'darwin').complaints).toEqual([
    '--server-processes 2: works only on Linux, because other systems do not spread connections over the processes of one port; leave it out',
  ]);
});

test('too many streams for all processes', () => {
  expect(chosen(100_000, { given: 4 }).complaints).toEqual([
    '--streams 100000: with 0 quiet streams, 4 server processes with 20000 file descriptors each have room for 76799 streams; use at most 76799, --server-processes 6, or raise the limit with ulimit -n',
  ]);
  expect(chosen(1e7).complaints).toHaveLength(1);
});

test('a load with one client is limited by its descriptors', () =>
  expect(chosen(50_000, { isOneClient: true, given: 3 }).complaints).toEqual([
    '--streams 50000: with 0 quiet streams, a client needs 50200 file descriptors, but its limit is 20000; use at most 19800, or raise the limit with ulimit -n',
  ]));
