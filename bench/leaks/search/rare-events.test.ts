import { describe, expect, test } from 'vitest';
import { randomFrom } from '../../statistics/random.ts';
import { searchSimulated } from '../../tests/fixtures/helpers/simulated-check.ts';
import type { Behaviour } from '../../tests/fixtures/helpers/simulated-server.ts';

/** The usual counter: an event each second. */
const eventMs = 1_000;
const seeds = [1, 2, 3];

async function search(behaviour: Behaviour, seed: number) {
  const { modes, tookMs } = await searchSimulated({ eventMs, ...behaviour }, randomFrom(seed));
  return { leaking: modes.filter(({ leaks }) => leaks.length > 0).length, tookMs };
}

describe.each(seeds)('a server with an event each second (%i)', (seed) => {
  test.each<[string, Behaviour]>([
    ['that needs no event', {}],
    ['that begins with the first event', { leaksAfterEvents: true }],
  ])('is found leaking in every mode, with a leak %s', async (_what, more) => {
    expect((await search({ leaks: 1, ...more }, seed)).leaking).toBe(5);
    expect((await search({ leaks: 1 / 3, ...more }, seed)).leaking).toBe(5);
  });
  test('is found leaking once for each group, if the leak begins with the first event', async () => {
    const groups = await search({ leaksPerGroup: 1, leaksAfterEvents: true }, seed);
    expect(groups.leaking).toBe(5);
  });
  test.each<[string, Behaviour]>([
    ['a pool', { pool: { idleMs: 10_000 } }],
    ['a pool that it closes soon', { pool: { idleMs: 1_000 } }],
    ['a cache', { kind: 'entry', cacheSize: 200 }],
    ['a release after 1 s', { lateMs: 1_000 }],
  ])('is clean with %s', async (_what, behaviour) => {
    expect((await search(behaviour, seed)).leaking).toBe(0);
  });
});

test('clients wait for events in one round of each mode', async () => {
  const { tookMs } = await search({}, 1);
  const { tookMs: withoutMs } = await search({ eventMs: 0 }, 1);
  // Four modes wait for events, and so does the largest crowd of the warm-up.
  expect(tookMs - withoutMs).toBeGreaterThan(5 * eventMs);
  expect(tookMs - withoutMs).toBeLessThan(8 * eventMs);
});
