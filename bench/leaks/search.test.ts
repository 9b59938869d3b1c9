/** Thousands of simulated servers, with the same random numbers each time: how often one is accused falsely, or a leak missed. */
import { describe, expect, test } from 'vitest';
import {
  bursts,
  jobs,
  rising,
  searchSimulated,
  shots,
  tide,
  type Background,
  type Behaviour,
} from '../tests/fixtures/helpers/simulated-server.ts';
import { randomFrom } from '../statistics/random.ts';

type Random = () => number;
const servers = 400;

/** How many of the modes of so many servers had a finding, and of how many servers at least one. */
async function searchMany(behaviourOf: (random: Random) => Behaviour, many = servers) {
  let [modes, found, without] = [0, 0, 0];
  const figures: number[] = [];
  for (let seed = 1; seed <= many; seed++) {
    const random = randomFrom(seed);
    const leaks = await searchSimulated(behaviourOf(random), random);
    const findings = leaks.filter(({ length }) => length > 0);
    modes += leaks.length;
    found += findings.length;
    if (findings.length === 0) without++;
    figures.push(...findings.map(([leak]) => leak!.perDisconnect));
  }
  const mean = figures.reduce((sum, figure) => sum + figure, 0) / figures.length;
  return { share: found / modes, without, mean };
}

const busy: [string, (random: Random) => Background][] = [
  ['300 jobs that last for 0.3 s', (random) => jobs(300, 300, random)],
  ['300 jobs that last for 3 s', (random) => jobs(300, 3_000, random)],
  ['300 jobs that last for 10 s', (random) => jobs(300, 10_000, random)],
  ['300 jobs that last for a minute', (random) => jobs(300, 60_000, random)],
  ['1,000 jobs that last for 5 s', (random) => jobs(1_000, 5_000, random)],
  ['3 jobs that last for 2 s', (random) => jobs(3, 2_000, random)],
  ['another number each time', (random) => shots(300, random)],
];
const wild: typeof busy = [
  ['jobs in batches of 20', (random) => jobs(300, 3_000, random, 20)],
  ['a tide of 7 s', (random) => tide(300, 0.3, 7_000, random)],
  ['a tide of 40 s', (random) => tide(300, 0.3, 40_000, random)],
  ['bursts that outlast a deadline', (random) => bursts(200, 8_000, 20_000, random)],
  ['short bursts', (random) => bursts(200, 1_000, 3_000, random)],
  ['more and more with time', (random) => rising(50, random)],
];

describe('a busy server', { timeout: 60_000 }, () => {
  test.each([...busy, ...wild])(
    'with %s is not accused: fewer than 1 of 1,000 modes',
    async (_what, background) => {
      const { share } = await searchMany((random) => ({
        background: background(random),
        leaks: 0,
      }));
      expect(share).toBeLessThanOrEqual(0.001);
    },
  );

  test.each(busy)(
    'with %s, and a leak of one in three disconnects in the same count, is found',
    async (_what, background) => {
      const { share, without, mean } = await searchMany(
        (random) => ({ background: background(random), leaks: 1 / 3 }),
        100,
      );
      expect(without).toBe(0);
      expect(share).toBeGreaterThan(0.9);
      expect(mean).toBeCloseTo(1 / 3, 1);
    },
  );
});

const quiet = () => 0;

describe('a server without other work', { timeout: 60_000 }, () => {
  test.each([
    ['1', 1, 1],
    ['1/3', 1 / 3, 0.99],
    ['1/10', 1 / 10, 0.85],
  ])('and a leak of %s for each disconnect is found', async (_what, leaks, least) => {
    const { share, without } = await searchMany(() => ({ background: quiet, leaks }), 100);
    expect(without).toBe(0);
    expect(share).toBeGreaterThanOrEqual(least);
  });

  // From ones that close before the first inspection to ones that never do; 10 s is what database clients do.
  const idle = [
    0,
    400,
    1_000,
    3_000,
    4_900,
    5_000,
    5_100,
    8_000,
    9_900,
    10_000,
    10_100,
    10_500,
    12_000,
    30_000,
    Infinity,
  ];
  test.each(idle)(
    'and a pool that closes members after %d ms is not accused',
    async (poolIdleMs) => {
      expect(
        await searchMany(() => ({ background: quiet, leaks: 0, poolIdleMs }), 20),
      ).toMatchObject({ share: 0 });
      expect(
        await searchMany(() => ({ background: quiet, leaks: 0, poolIdleMs, isPoolCold: true }), 20),
      ).toMatchObject({ share: 0 });
    },
  );
  test.each(idle)(
    'and a pool of which one in three members leaks (%d ms) is found',
    async (poolIdleMs) => {
      for (const isPoolCold of [false, true]) {
        const { share, without } = await searchMany(
          () => ({ background: quiet, leaks: 1 / 3, poolIdleMs, isPoolCold }),
          50,
        );
        expect(without).toBe(0);
        expect(share).toBeGreaterThan(0.9);
      }
    },
  );
  test.each(idle)(
    'and such a pool, beside other work and a leak (%d ms), is found',
    async (poolIdleMs) => {
      const behaviour = (random: Random) => ({
        background: jobs(20, 2_000, random),
        leaks: 1,
        poolIdleMs,
      });
      expect(await searchMany(behaviour, 20)).toMatchObject({ without: 0 });
    },
  );
  test.each(idle)('and a pool beside other work (%d ms) is not accused', async (poolIdleMs) => {
    const { share } = await searchMany(
      (random) => ({ background: jobs(300, 3_000, random), leaks: 0, poolIdleMs }),
      100,
    );
    expect(share).toBeLessThanOrEqual(0.002);
  });

  test.each([500, 3_000, 4_500])(
    'that releases within the deadline, %i ms late, is not accused',
    async (lateMs) => {
      expect(await searchMany(() => ({ background: quiet, leaks: 0, lateMs }), 20)).toMatchObject({
        share: 0,
      });
    },
  );
  test.each([6_000, 7_000, 9_000, 11_000])(
    'that releases %i ms late is found in all modes',
    async (lateMs) => {
      expect(await searchMany(() => ({ background: quiet, leaks: 0, lateMs }), 20)).toMatchObject({
        share: 1,
      });
    },
  );
  test.each([15_000, 30_000])('that releases %i ms late is found in some mode', async (lateMs) => {
    expect(await searchMany(() => ({ background: quiet, leaks: 0, lateMs }), 20)).toMatchObject({
      without: 0,
    });
  });
});
