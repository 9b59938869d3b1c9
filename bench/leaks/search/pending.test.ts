/** Simulated servers with promises: the search finds a leak of them, and accuses no cache. */
import { describe, expect, test } from 'vitest';
import { randomFrom } from '../../statistics/random.ts';
import { searchSimulated } from '../../tests/fixtures/helpers/simulated-check.ts';
import type { Behaviour } from '../../tests/fixtures/helpers/simulated-server.ts';
import { jobs } from '../../tests/fixtures/helpers/simulated-work.ts';

async function search(behaviour: Behaviour, seed = 1) {
  const random = randomFrom(seed);
  const { modes, tookMs } = await searchSimulated({ kind: 'promise', ...behaviour }, random);
  return { leaking: modes.filter(({ leaks }) => leaks.length > 0).length, tookMs };
}
/** The duration of a check of a server on which nothing grows. */
const { tookMs: cleanMs } = await search({});

test('promises that remain are found in every mode', async () => {
  expect((await search({ leaks: 1 })).leaking).toBe(5);
});

describe('a clean server', () => {
  test.each([1, 5, 20])('has no finding with %i promises that come and go', async (mean) => {
    for (let seed = 1; seed <= 20; seed++) {
      const background = jobs(mean, 2_000, randomFrom(seed));
      expect((await search({ background }, seed)).leaking).toBe(0);
    }
  });
  test('is not slower because a few promises come and go', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const background = jobs(0.5, 2_000, randomFrom(seed));
      const { tookMs } = await search({ background }, seed);
      expect(tookMs).toBeLessThan(1.2 * cleanMs);
    }
  });
  test.each([50, 64, 100, 500, 700])('has no finding with a cache of %i', async (cacheSize) => {
    expect((await search({ cacheSize })).leaking).toBe(0);
  });
  test.each([2_000, 4_000])('has no finding if it releases after %i ms', async (lateMs) => {
    for (let seed = 1; seed <= 5; seed++) expect((await search({ lateMs }, seed)).leaking).toBe(0);
  });
  test.each([1, 10, 100])('has no finding if it adds %i promises a second', async (perSecond) => {
    for (let seed = 1; seed <= 20; seed++) {
      const background = (atMs: number) => (perSecond * atMs) / 1_000;
      expect((await search({ background }, seed)).leaking).toBe(0);
    }
  });
});
