import { describe, expect, test } from 'vitest';
import type { HeldKind } from '../result/held.ts';
import {
  cache,
  constantly,
  dayAndNight,
  inspectionsOf,
  leak,
  otherWork,
  pool,
  released,
  together,
  whileConnected,
  type Holding,
} from '../tests/fixtures/helpers/simulated-production.ts';
import { growthIn, type Growth, type Observation } from './steady-growth.ts';

const tolerated = 0.05;
const perDay = 145;
const seeds = [1, 2];

/** The number of the first inspection that raises an alarm, from 1, and the alarm. */
function firstAlarm(
  observations: readonly Observation[],
): { number: number; alarm: Growth } | undefined {
  for (let number = 1; number <= observations.length; number++) {
    const [first] = growthIn(observations.slice(0, number), tolerated);
    if (first?.isAlarm) return { number, alarm: first };
  }
  return undefined;
}

interface Case {
  holding: () => Holding;
  rate?: (second: number) => number;
  lifetimeSeconds?: number;
  kind?: HeldKind;
  inspections?: number;
}
const alarmsOf = ({ holding, ...others }: Case) =>
  seeds.map((seed) =>
    firstAlarm(
      inspectionsOf(
        {
          seed,
          ratePerSecond: others.rate ?? constantly(1),
          lifetimeSeconds: 300,
          everySeconds: 600,
          inspections: perDay,
          ...others,
        },
        holding(),
      ),
    ),
  );

describe('is no alarm', () => {
  test.each<[string, Case]>([
    ['a timer for each connected client', { holding: () => whileConnected }],
    [
      'a timer for each client, by day and night',
      { holding: () => whileConnected, rate: dayAndNight(2) },
    ],
    [
      'connections of two hours, by day and night',
      { holding: () => whileConnected, rate: dayAndNight(2), lifetimeSeconds: 7_200 },
    ],
    [
      'a release after 30 s, by day and night',
      { holding: () => released(30), rate: dayAndNight(2) },
    ],
    [
      'a release after five minutes, by day and night',
      { holding: () => released(300), rate: dayAndNight(2) },
    ],
    [
      'work that comes and goes at random',
      { holding: () => together(whileConnected, otherWork(600)) },
    ],
    ['a pool that grows until it is full', { holding: () => pool(2, 50) }],
    [
      'a pool that grows with the clients of the day',
      { holding: () => pool(2, 50), rate: dayAndNight(2) },
    ],
    [
      'a bounded cache that fills up in an hour',
      { holding: () => cache(1e9, 3_500), kind: 'entry' },
    ],
    [
      'a cache of the users, who become known more and more rarely',
      { holding: () => cache(2_000, 1e9), kind: 'entry' },
    ],
    ['a timer for each entry of a bounded cache', { holding: () => cache(1e9, 3_000) }],
  ])('%s', (_, each) => expect(alarmsOf(each)).toEqual(seeds.map(() => undefined)));

  test('a leak below the tolerated growth', () =>
    expect(alarmsOf({ holding: () => leak(0.02) })).toEqual(seeds.map(() => undefined)));
});

describe('is an alarm', () => {
  test.each<[string, number, Case & { within: number }]>([
    ['a leak of each disconnect', 1, { holding: () => leak(1), within: 8 }],
    ['a leak of one in ten', 0.1, { holding: () => leak(0.1), within: 12 }],
    [
      'a leak beside 600 things that come and go',
      1,
      { holding: () => together(leak(1), otherWork(600)), within: 12 },
    ],
    ['a leak by day and night', 1, { holding: () => leak(1), rate: dayAndNight(2), within: 14 }],
    [
      'a leak of connections of two hours',
      1,
      { holding: () => leak(1), rate: dayAndNight(2), lifetimeSeconds: 7_200, within: 14 },
    ],
    [
      'entries, after four hours',
      1,
      { holding: () => leak(1), kind: 'entry', inspections: 40, within: 32 },
    ],
  ])('%s', (_, share, { within, ...each }) => {
    for (const found of alarmsOf({ inspections: 30, ...each })) {
      expect(found?.number).toBeLessThanOrEqual(within);
      expect(found?.alarm.perDisconnect).toBeGreaterThan(0.75 * share);
      expect(found?.alarm.perDisconnect).toBeLessThan(1.25 * share);
    }
  });
});

/** Inspections with these counts, ten minutes and 100 disconnects apart. */
const counting = (counts: readonly number[], more: Partial<Observation> = {}): Observation[] =>
  counts.map((count, place) => ({
    atMs: place * 600_000,
    held: [{ kind: 'timer', what: 'setInterval 1000 ms', traced: false, count }],
    open: 50,
    disconnects: place === 0 ? 0 : 100,
    ...more,
  }));
const steady = [50, 150, 250, 350, 450, 550, 650];
const isAlarm = (observations: readonly Observation[]) =>
  growthIn(observations, tolerated)[0]?.isAlarm ?? false;

describe('the rule', () => {
  test('needs six records in a row', () => {
    expect(isAlarm(counting(steady.slice(0, 6)))).toBe(false);
    expect(isAlarm(counting(steady))).toBe(true);
  });

  test('reports the rate, the disconnects and the start', () =>
    expect(growthIn(counting(steady), tolerated)).toMatchObject([
      {
        held: { count: 650 },
        grown: 600,
        disconnects: 600,
        perDisconnect: 1,
        sinceMs: 0,
        records: 6,
        needed: 6,
      },
    ]));

  test('reports growth before it is an alarm', () =>
    expect(growthIn(counting(steady.slice(0, 4)), tolerated)).toMatchObject([
      { records: 3, needed: 6, isAlarm: false },
    ]));

  test('begins again when an earlier count returns', () =>
    expect(isAlarm(counting([50, 150, 250, 350, 250, 450, 550, 650]))).toBe(false));

  test('a restart within the process lowers the counts, and the earlier ones must be exceeded', () => {
    expect(isAlarm(counting([...steady.slice(0, 6), ...steady.slice(0, 6)]))).toBe(false);
    const higher = [600, 700, 800, 900, 1_000, 1_100];
    expect(isAlarm(counting([...steady.slice(0, 6), ...steady.slice(0, 6), ...higher]))).toBe(true);
  });

  test('growth without disconnects is none', () =>
    expect(isAlarm(counting(steady, { disconnects: 0 }))).toBe(false));

  test('a few disconnects count for the next inspection', () => {
    const each = (disconnects: number) => counting([1, 5, 9, 13, 17, 21, 25], { disconnects });
    expect(isAlarm(each(4))).toBe(false);
    expect(isAlarm(each(12))).toBe(true);
  });

  test('a quiet night does not end the records', () => {
    const [before, after] = [counting(steady.slice(0, 4)), counting(steady.slice(4))];
    const night = counting([350, 350, 350], { disconnects: 0 });
    expect(
      isAlarm([...before, ...night, ...after.map((each) => ({ ...each, disconnects: 100 }))]),
    ).toBe(true);
  });

  test('growth in proportion to the connections is none', () =>
    expect(
      isAlarm(counting(steady).map((each, place) => ({ ...each, open: steady[place]! }))),
    ).toBe(false));

  test('an inspection with few connections does not hide a leak', () => {
    const [first, ...others] = counting([101, ...steady, 750]);
    expect(isAlarm([{ ...first!, open: 1 }, ...others])).toBe(true);
  });

  test('growth by fewer than ten is no alarm', () => {
    const growing = (last: number) => counting([50, 51, 52, 54, 55, 57, last], { disconnects: 12 });
    expect(isAlarm(growing(59))).toBe(false);
    expect(isAlarm(growing(60))).toBe(true);
  });

  test('entries must not slow down by a fifth', () => {
    const growing = (kind: HeldKind, later: number) =>
      counting(
        Array.from({ length: 25 }, (_, n) => 100 * Math.min(n, 12) + later * Math.max(0, n - 12)),
      ).map(({ held, ...each }) => ({ ...each, held: held.map((one) => ({ ...one, kind })) }));
    expect(isAlarm(growing('entry', 85))).toBe(true);
    expect(isAlarm(growing('entry', 75))).toBe(false);
    expect(isAlarm(growing('timer', 75))).toBe(true);
  });

  test('growth that slows down is no alarm yet', () =>
    expect(isAlarm(counting([50, 150, 250, 350, 360, 370, 380]))).toBe(false));

  test('rates are left out', () =>
    expect(
      growthIn(
        counting(steady).map(({ held, ...each }) => ({
          ...each,
          held: held.map((one) => ({ ...one, kind: 'wakeup' as const })),
        })),
        tolerated,
      ),
    ).toEqual([]));
});
