/**
 * Thousands of simulated servers, with the same random numbers each time. The tests count clean
 * servers reported as leaking, and missed leaks.
 */
import { describe, expect, test } from 'vitest';
import {
  searchSimulated,
  type SimulatedCheck,
} from '../../tests/fixtures/helpers/simulated-check.ts';
import type { Behaviour } from '../../tests/fixtures/helpers/simulated-server.ts';
import {
  bursts,
  jobs,
  rising,
  shots,
  tide,
  type Background,
} from '../../tests/fixtures/helpers/simulated-work.ts';
import type { PoolBehaviour } from '../../tests/fixtures/helpers/simulated-pool.ts';
import { randomFrom } from '../../statistics/random.ts';

type Random = () => number;
type Work = (random: Random) => Background | undefined;

/** Background work of independent jobs that come and go, or none. */
const work: Record<string, Work> = {
  'no other work': () => undefined,
  'an occasional job': (random) => jobs(1, 1_500, random),
  '3 jobs that last for 2 s': (random) => jobs(3, 2_000, random),
  '20 jobs that last for 2 s': (random) => jobs(20, 2_000, random),
  '300 jobs that last for 0.3 s': (random) => jobs(300, 300, random),
  '300 jobs that last for 3 s': (random) => jobs(300, 3_000, random),
  '300 jobs that last for 10 s': (random) => jobs(300, 10_000, random),
  '300 jobs that last for a minute': (random) => jobs(300, 60_000, random),
  '1,000 jobs that last for 5 s': (random) => jobs(1_000, 5_000, random),
  'a random number of jobs at each inspection': (random) => shots(300, random),
};
/**
 * Work that varies by more than the square root of its count, because many jobs start or end at
 * once.
 */
const wild: Record<string, Work> = {
  'jobs in batches of 20': (random) => jobs(300, 3_000, random, 20),
  'a load that rises and falls over 7 s': (random) => tide(300, 0.3, 7_000, random),
  'a load that rises and falls over 40 s': (random) => tide(300, 0.3, 40_000, random),
  'bursts that outlast a deadline': (random) => bursts(200, 8_000, 20_000, random),
  'short bursts': (random) => bursts(200, 1_000, 3_000, random),
  'more and more jobs': (random) => rising(50, random),
};
const pools: Record<string, PoolBehaviour | undefined> = {
  'no pool': undefined,
  'a pool that never closes': { idleMs: Infinity },
  'a pool that closes after 10 s, like that of a database client': { idleMs: 10_000 },
  'a pool that closes after 7 s': { idleMs: 7_000 },
  'a pool that closes after 4 s, like that of fetch': { idleMs: 4_000 },
  'a pool of at most 8 that closes after 1 s': { idleMs: 1_000, most: 8 },
  'a pool that overlapping crowds share': { idleMs: 10_000, overlap: 0.1 },
  'a pool that only a POST uses and that closes in the next mode': {
    idleMs: 10_000,
    usedIn: ['post'],
  },
};
const checks = [{}, { streams: 20, deadlineMs: 2_000 }];

interface Found {
  /** Modes that leak, and how many of them had no finding. */
  leaking: number;
  missed: number;
  /** Modes that do not leak, and how many of them had a finding. */
  clean: number;
  falseAlarms: number;
  /** Mean of the leaks found per disconnect. */
  perDisconnect: number;
}

/** Checks every server with the usual settings, and then with small ones. */
async function searchMany(
  behaviourOf: (random: Random) => Behaviour,
  servers: number,
): Promise<Found> {
  const sum: Found = { leaking: 0, missed: 0, clean: 0, falseAlarms: 0, perDisconnect: NaN };
  const figures: number[] = [];
  for (let seed = 1; seed <= servers; seed++) {
    for (const check of checks) {
      const random = randomFrom(seed);
      const behaviour = behaviourOf(random);
      const { modes: found, printedIn } = await searchSimulated(behaviour, random, check);
      const { leaks = 0, lateMs = 0, leaksIn } = behaviour;
      for (const { mode, leaks: findings } of found) {
        const isLeaking = (leaks > 0 || lateMs > 0) && (leaksIn?.includes(mode) ?? true);
        if (isLeaking) sum.leaking++;
        else sum.clean++;
        if (isLeaking && findings.length === 0) sum.missed++;
        if (!isLeaking && (findings.length > 0 || printedIn.has(mode))) sum.falseAlarms++;
      }
      figures.push(...found.flatMap(({ leaks: findings }) => findings[0]?.perDisconnect ?? []));
    }
  }
  sum.perDisconnect = figures.reduce((total, figure) => total + figure, 0) / figures.length;
  return sum;
}

describe.each(Object.entries(work))('a server with %s', (_work, workOf) => {
  describe.each(Object.entries(pools))('and %s', (_pool, pool) => {
    const serverWith = (more: Behaviour) => (random: Random) => ({
      background: workOf(random),
      pool,
      ...more,
    });
    test('has no finding', async () => {
      expect(await searchMany(serverWith({}), 8)).toMatchObject({ falseAlarms: 0, clean: 80 });
    });
    test.each([
      ['separate objects', false],
      ['members of the pool', true],
    ])('is found if it leaks on every third disconnect: %s', async (_what, leaksMembers) => {
      expect(await searchMany(serverWith({ leaks: 1 / 3, leaksMembers }), 3)).toMatchObject({
        missed: 0,
        leaking: 30,
        perDisconnect: expect.closeTo(1 / 3, 1),
      });
    });
    test.each(['early', 'kill'])('has findings only in the mode that leaks: %s', async (mode) => {
      const found = await searchMany(serverWith({ leaks: 1, leaksIn: [mode] }), 2);
      expect(found).toMatchObject({ missed: 0, leaking: 4, falseAlarms: 0, clean: 16 });
    });
  });
});

describe('a leak on every tenth disconnect', () => {
  test.each<[string, Work, number]>([
    ['no other work', work['no other work']!, 0.1],
    ['an occasional job', work['an occasional job']!, 0.1],
    // With 300 jobs, the counts of two inspections differ by about 35.
    ['300 jobs', work['300 jobs that last for 3 s']!, 0.8],
  ])('is missed in some modes, with %s', async (_what, workOf, most) => {
    const { missed, leaking } = await searchMany(
      (random) => ({ background: workOf(random), leaks: 1 / 10 }),
      20,
    );
    expect(missed / leaking).toBeLessThanOrEqual(most);
  });
});

describe('a pool that often serves two crowds at once', () => {
  const pool = { idleMs: 10_000, slow: 0.05 };
  test.each<[string, Work]>([
    ['no other work', work['no other work']!],
    ['3 jobs', work['3 jobs that last for 2 s']!],
  ])('has no finding, with %s', async (_what, workOf) => {
    const { falseAlarms } = await searchMany(
      (random) => ({ background: workOf(random), pool }),
      40,
    );
    expect(falseAlarms).toBe(0);
  });
  test.each([1 / 3, 1])('is found if it leaks: %d per disconnect', async (leaks) => {
    const { missed } = await searchMany(() => ({ pool, leaks }), 20);
    expect(missed).toBe(0);
  });
});

describe('a server whose jobs start and end in groups', () => {
  test.each(Object.entries(wild))('%s: no finding', async (_what, workOf) => {
    const { falseAlarms } = await searchMany((random) => ({ background: workOf(random) }), 40);
    expect(falseAlarms).toBe(0);
  });
});

describe('a server without other work', () => {
  // The times range from closing before the first inspection to never closing, with values around
  // each deadline.
  const idle = [0, 400, 1_000, 1_900, 2_000, 2_100, 3_000, 4_900, 5_000, 5_100, 8_000, 9_900];
  test.each([...idle, 10_100, 10_500, 12_000, 30_000])(
    'and with a pool that closes after %d ms gets the right verdict',
    async (idleMs) => {
      const pool = { idleMs };
      expect(await searchMany(() => ({ pool }), 5)).toMatchObject({ falseAlarms: 0 });
      for (const leaksMembers of [false, true]) {
        const found = await searchMany(() => ({ pool, leaks: 1 / 3, leaksMembers }), 5);
        expect(found).toMatchObject({ missed: 0 });
      }
    },
  );

  const late = async (lateMs: number, check: object) => {
    const random = randomFrom(1);
    const { modes } = await searchSimulated({ lateMs }, random, check);
    return modes.flatMap(({ leaks }) => leaks);
  };
  test.each([500, 3_000, 4_500])(
    'that releases after %i ms, within the deadline, has no finding',
    async (ms) => expect(await late(ms, {})).toEqual([]),
  );
  test.each([6_000, 7_000, 9_000, 11_000])(
    'that releases after %i ms is found in every mode',
    async (ms) => expect(await late(ms, {})).toHaveLength(5),
  );
  test.each([6_000, 7_000])(
    'that releases after %i ms leaks everything, and each finding has the time of the release',
    async (ms) => {
      for (const leak of await late(ms, {})) {
        expect(leak).toMatchObject({ perDisconnect: 1, count: leak.disconnects });
        expect(leak.releasedAfterMs).toBeGreaterThan(ms);
        // The next inspection finds it gone.
        expect(leak.releasedAfterMs).toBeLessThan(ms + 1_500);
      }
    },
  );
  // Inspections then run past the deadline, and find the things gone.
  test.each([150, 1_500, 4_000])(
    'that releases shortly after the deadline is found in every mode, with inspections of %i ms',
    async (inspectionMs) => {
      for (const lateMs of inspectionMs < 1_000 ? [5_100, 5_300, 5_600] : [5_600, 6_000, 7_000])
        expect(await late(lateMs, { inspectionMs })).toHaveLength(5);
    },
  );
  test.each([15_000, 30_000])('that releases after %i ms is found in some mode', async (ms) =>
    expect(await late(ms, {})).not.toEqual([]),
  );
});

describe('growth that is stable after a round', () => {
  const findings = async (behaviour: Behaviour, check: SimulatedCheck = {}) => {
    const { modes, tookMs } = await searchSimulated(behaviour, randomFrom(1), check);
    return { found: modes.map(({ leaks }) => leaks.length), tookMs, modes };
  };
  const none = [0, 0, 0, 0, 0];
  const all = [1, 1, 1, 1, 1];

  test.each([600, 900, 1_100, 1_300, 1_500, 2_000])(
    'and is released after %i ms, just before or after the third inspection, has no finding',
    async (lateMs) => expect((await findings({ lateMs })).found).toEqual(none),
  );
  test.each([1, 2, 3, 4, 5])(
    'and is still found by %i garbage collections has no finding',
    async (collections) => expect((await findings({ collections })).found).toEqual(none),
  );
  // The warm-up has 120 clients, and the rounds have 50, 100 and 100.
  test.each([100, 170, 200, 270, 300, 350])(
    'and stops in a later round, in a cache of %i, has no finding',
    async (cacheSize) => expect((await findings({ cacheSize })).found).toEqual(none),
  );
  test.each([1, 2, 3, 4])('is found if every %i. disconnect leaks', async (leaksEvery) => {
    const { found, modes } = await findings({ leaksEvery });
    expect(found).toEqual(all);
    for (const leak of modes.flatMap(({ leaks }) => leaks)) {
      expect(leak.perDisconnect).toBeCloseTo(1 / leaksEvery, 1);
      expect(leak).toMatchObject({ releasedAfterMs: null });
      expect(leak.afterMs).toBeGreaterThanOrEqual(5_000);
    }
  });
  test.each([
    ['in all other modes', ['reset', 'early', 'post', 'kill']],
    ['in one mode', ['early']],
    ['in the second mode', ['reset']],
    ['in the last mode', ['kill']],
    ['in two modes', ['reset', 'post']],
  ])('a known leak that is released in time %s is no finding there', async (_what, lateIn) => {
    const leaksIn = ['close', 'reset', 'early', 'post', 'kill'].filter(
      (mode) => !lateIn.includes(mode),
    );
    // At some of these times, as many things of another mode leak as are released.
    for (const lateMs of [700, 1_000, 1_600, 1_900, 2_500, 3_000, 4_000]) {
      const { found } = await findings({ leaks: 1, leaksIn, lateMs, lateIn });
      expect(found).toEqual(
        ['close', 'reset', 'early', 'post', 'kill'].map((mode) => Number(leaksIn.includes(mode))),
      );
    }
  });
  test.each([6_000, 8_000, 9_900, 11_000, 14_000, 19_000])(
    'is found in every mode if as many things are released after %i ms',
    async (lateMs) => expect((await findings({ leaks: 1, lateMs })).found).toEqual(all),
  );
  test('a known leak that is released in time is no finding after Ctrl-C, either', async () => {
    const lateIn = ['reset', 'early', 'post', 'kill'];
    const behaviour = { leaks: 1, leaksIn: ['close'], lateMs: 3_000, lateIn };
    const { modes } = await searchSimulated(behaviour, randomFrom(1), { endsEarly: true });
    const leaking = modes.filter(({ leaks }) => leaks.length > 0);
    expect(leaking.map(({ mode }) => mode)).toEqual(['close']);
    expect(modes.length).toBeLessThan(5);
  });
  test.each([1, 2, 3, 4, 5])('is found in a collection if every %i. disconnect leaks', async (n) =>
    expect((await findings({ kind: 'entry', leaksEvery: n })).found).toEqual(all),
  );
  test('is no finding in a collection of Node itself, and not printed', async () => {
    const behaviour: Behaviour = { kind: 'entry', leaksEvery: 1, isOfNode: true };
    const { modes, printedIn } = await searchSimulated(behaviour, randomFrom(1));
    expect([modes.flatMap(({ leaks }) => leaks), [...printedIn]]).toEqual([[], []]);
  });
  test.each([100, 200, 350, 500, 700])('and stops in a collection of %i is no finding', async (n) =>
    expect((await findings({ kind: 'entry', cacheSize: n })).found).toEqual(none),
  );
  test.each([0.001, 0.003])(
    'is found quickly in loops of which a share of %d is between two sleeps',
    async (sleepless) => {
      const { found, tookMs } = await findings({ leaksEvery: 1, sleepless });
      expect(found).toEqual(all);
      expect(tookMs).toBeLessThan(45_000);
    },
  );
  test('in such loops does not hide that other modes are clean', async () => {
    const { found } = await findings({ leaks: 1, leaksIn: ['close'], sleepless: 0.003 });
    expect(found).toEqual([1, 0, 0, 0, 0]);
  });
  test('takes the deadline once for each thing, not once for each mode', async () => {
    expect((await findings({ leaksEvery: 1 })).tookMs).toBeLessThan(40_000);
    expect((await findings({})).tookMs).toBeLessThan(12_000);
  });
  test('takes few inspections if one of them takes seconds, as in a heap of 100 MB', async () => {
    const inspectionMs = 1_500;
    for (const kind of ['timer', 'entry'] as const) {
      const { found, tookMs } = await findings({ kind, leaksEvery: 1 }, { inspectionMs });
      expect(found).toEqual(all);
      expect(tookMs).toBeLessThan(60_000);
    }
    const { found } = await findings({ leaksEvery: 1 }, { inspectionMs: 10_000 });
    expect(found).toEqual(all);
  });
  test.each([1 / 3, 1 / 2, 0.9])('is found quickly if chance decides: %d', async (leaks) => {
    const { found, tookMs } = await findings({ leaks });
    expect(found).toEqual(all);
    expect(tookMs).toBeLessThan(45_000);
  });
});
