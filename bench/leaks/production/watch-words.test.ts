import { describe, expect, test } from 'vitest';
import { complaintsOf, valueOf } from '../../scenario/complaint.ts';
import type { OptionWords } from '../../scenario/option.ts';
import { readWatchWords } from './watch-words.ts';

const pid = [String(process.pid)];
const read = (options: OptionWords, names: readonly string[] = []) =>
  readWatchWords({ names, options, snapshot: false });

test('the usual watch inspects every ten minutes, without an end', () =>
  expect(valueOf(read({ pid }))).toMatchObject({
    pid: process.pid,
    options: { everyMs: 600_000, forMs: undefined, inspections: undefined, tolerated: 0.05 },
  }));

test('options are values', () =>
  expect(
    valueOf(
      read({
        pid,
        every: ['30m'],
        for: ['12h'],
        inspections: ['20'],
        maxGrowthPerDisconnect: ['0.5'],
      }),
    ).options,
  ).toMatchObject({ everyMs: 1_800_000, forMs: 43_200_000, inspections: 20, tolerated: 0.5 }));

test('a thing is ignored by a part of its description', () => {
  const { isIgnored } = valueOf(read({ pid, ignore: ['src/hub.ts:8', 'keep-alive'] })).options;
  const held = { kind: 'timer', what: 'setTimeout', traced: false, count: 1 } as const;
  expect(isIgnored({ ...held, place: { file: 'src/hub.ts', line: 8, column: 1 } })).toBe(true);
  expect(isIgnored({ ...held, what: "listener of 'keep-alive'" })).toBe(true);
  expect(isIgnored(held)).toBe(false);
});

describe('complains about', () => {
  test.each<[string, OptionWords, readonly string[]]>([
    [
      'no process',
      {},
      ['--pid: is missing; give the process of the running server, such as --pid 4711'],
    ],
    [
      'a process that does not run',
      { pid: ['4194304'] },
      ['--pid 4194304: no such process; start the server first'],
    ],
    [
      'an interval below ten seconds',
      { pid, every: ['9s'] },
      [
        '--every 9s: must be at least 10s, because each inspection stops the server for up to a second, such as --every 10m',
      ],
    ],
    [
      'too few inspections for an alarm',
      { pid, inspections: ['6'] },
      ['--inspections 6: must be a whole number from 7 to 1,000,000, such as --inspections 100'],
    ],
    [
      'too little time for an alarm',
      { pid, every: ['30m'], for: ['2h'] },
      [
        '--for 2h: has time for 5 inspections with --every 30m, and an alarm needs 7; give at least 180m, or a shorter --every',
      ],
    ],
    [
      'all of them at once',
      { pid: ['x'], every: ['1s'], for: ['no'], maxGrowthPerDisconnect: ['-1'] },
      [
        '--pid x: must be a process id, such as --pid 4711',
        '--every 1s: must be at least 10s, because each inspection stops the server for up to a second, such as --every 10m',
        '--for no: must be a duration with its unit, in whole milliseconds, from 1ms to 24h, such as --for 2h',
        '--max-growth-per-disconnect -1: must be a number of 0 or more, such as --max-growth-per-disconnect 0.1',
      ],
    ],
  ])('%s', (_, options, complaints) => expect(complaintsOf(read(options))).toEqual(complaints));

  test('other words', () =>
    expect(complaintsOf(read({ pid }, ['4711']))).toEqual([
      '4711: is one word too many; give the process with --pid',
    ]));
});
