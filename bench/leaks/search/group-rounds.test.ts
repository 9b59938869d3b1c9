import { describe, expect, test } from 'vitest';
import type { Leak } from '../../result/leak-result.ts';
import { randomFrom } from '../../statistics/random.ts';
import {
  searchSimulated,
  type SimulatedCheck,
} from '../../tests/fixtures/helpers/simulated-check.ts';
import type { Behaviour } from '../../tests/fixtures/helpers/simulated-server.ts';
import { jobs } from '../../tests/fixtures/helpers/simulated-work.ts';

const modes = ['close', 'reset', 'early', 'post', 'kill'];
/** The duration of a check of a server on which nothing grows. */
const { tookMs: cleanMs } = await searchSimulated({}, randomFrom(1));

async function leaksOf(behaviour: Behaviour, seed = 1, check: SimulatedCheck = {}) {
  const { modes: found, tookMs } = await searchSimulated(behaviour, randomFrom(seed), check);
  return { found: found.filter(({ leaks }) => leaks.length > 0), tookMs };
}

describe('a server that leaks once for each group of clients', () => {
  test.each([1, 2, 3])('is found in every mode: %i things', async (leaksPerGroup) => {
    const { found, tookMs } = await leaksOf({ leaksPerGroup });
    expect(found.map(({ mode }) => mode)).toEqual(modes);
    for (const { leaks } of found) {
      const [{ count, groups }] = leaks as unknown as [Leak];
      expect(count / groups!).toBe(leaksPerGroup);
    }
    expect(tookMs).toBeLessThan(45_000);
  });
  test('has six groups as evidence in the first mode, and two in later ones', async () => {
    const { found } = await leaksOf({ leaksPerGroup: 1 });
    expect(found.map(({ leaks }) => leaks[0]!.groups)).toEqual([6, 2, 2, 2, 2]);
  });
  test('is found only in the modes in which it leaks', async () => {
    const { found } = await leaksOf({ leaksPerGroup: 1, leaksIn: ['post'] });
    expect(found.map(({ mode }) => mode)).toEqual(['post']);
  });
  test('is found with a leak per disconnect only as that', async () => {
    const { found } = await leaksOf({ leaksPerGroup: 1, leaks: 1 });
    expect(found).toHaveLength(5);
    for (const { leaks } of found) expect(leaks[0]!.groups).toBeUndefined();
  });
  test('is found if no growth is stable', async () => {
    const { found } = await leaksOf({ leaksPerGroup: 1 }, 1, { isCareful: true });
    expect(found.map(({ leaks }) => leaks[0]!.groups)).toEqual([6, 6, 6, 6, 6]);
  });
});

describe('a server without such a leak', () => {
  test('takes no longer if nothing grows', async () => {
    const { found, tookMs } = await leaksOf({ leaksPerGroup: 0 });
    expect(found).toEqual([]);
    expect(tookMs).toBe(cleanMs);
  });
  test.each<[string, Behaviour]>([
    ['that releases its clients after 1 s', { leaksPerGroup: 0, lateMs: 1_000 }],
    ['that has a cache', { kind: 'entry', leaksPerGroup: 1 }],
    ['that adds one thing every 2 s', { background: (atMs) => Math.floor(atMs / 2_000) }],
    ['that adds one thing every 5 s', { background: (atMs) => Math.floor(atMs / 5_000) }],
    ['that adds one thing every second', { background: (atMs) => Math.floor(atMs / 1_000) }],
    ['with a pool of 3', { pool: { idleMs: 4_000, most: 3 } }],
    ['with a pool of 3 that never closes', { pool: { idleMs: Infinity, most: 3 } }],
  ])('has no finding: %s', async (_what, behaviour) => {
    for (const check of [
      {},
      { inspectionMs: 4_000 },
      { isCareful: true },
      { streams: 2, deadlineMs: 1_000 },
    ])
      for (let seed = 1; seed <= 20; seed++)
        expect((await leaksOf(behaviour, seed, check)).found).toEqual([]);
  });
  test.each([1, 3, 10, 50])('has no finding beside %i jobs that come and go', async (mean) => {
    for (let seed = 1; seed <= 20; seed++) {
      const background = jobs(mean, 3_000, randomFrom(seed));
      expect((await leaksOf({ background }, seed)).found).toEqual([]);
    }
  });
  test.each([1, 2, 5, 7, 9, 11])(
    'has no finding if it starts things only with the first groups: %i',
    async (leakingGroups) => {
      const { found } = await leaksOf({ leaksPerGroup: 1, leakingGroups });
      expect(found).toEqual([]);
    },
  );
});
