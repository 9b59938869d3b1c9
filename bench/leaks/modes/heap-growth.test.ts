import { describe, expect, test } from 'vitest';
import { randomFrom } from '../../statistics/random.ts';
import {
  searchSimulated,
  type SimulatedCheck,
} from '../../tests/fixtures/helpers/simulated-check.ts';
import type { Behaviour } from '../../tests/fixtures/helpers/simulated-server.ts';

async function search(behaviour: Behaviour, seed = 1, options: SimulatedCheck = {}) {
  const { modes, tookMs } = await searchSimulated(behaviour, randomFrom(seed), options);
  return { modes, leaking: modes.filter(({ leaks }) => leaks.length > 0).length, tookMs };
}
/** The duration of a check of a server whose memory is constant. */
const { tookMs: cleanMs } = await search({});

describe('memory that remains after each disconnect', () => {
  test.each([4, 20])('is found in every mode: %i KB', async (kb) => {
    const { modes, leaking, tookMs } = await search({ heapKb: (disconnects) => kb * disconnects });
    expect(leaking).toBe(5);
    const [{ leaks }] = modes as unknown as [(typeof modes)[number]];
    expect(leaks).toMatchObject([{ kind: 'heap', perDisconnect: expect.closeTo(kb, 1) }]);
    expect(leaks[0]!.interval).toEqual([expect.closeTo(kb, 1), expect.closeTo(kb, 1)]);
    expect(tookMs).toBeLessThan(45_000);
  });
  test('is found beside noise, with its interval', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const random = randomFrom(seed);
      const heapKb = (disconnects: number) => 5 * disconnects + 60 * random();
      const { modes, leaking } = await search({ heapKb }, seed);
      expect(leaking).toBe(5);
      const [low, high] = modes[0]!.leaks[0]!.interval!;
      expect(low).toBeGreaterThan(4);
      expect(high).toBeLessThan(6);
    }
  });
  test('is the consequence of a timer that leaks too', async () => {
    const { modes } = await search({ leaks: 1, heapKb: (disconnects) => 5 * disconnects });
    for (const { leaks } of modes) expect(leaks.map(({ kind }) => kind)).toEqual(['timer']);
  });
  test.each<[string, SimulatedCheck]>([
    ['ignored', { ignore: ['setTimeout'] }],
    ['tolerated', { maxLeakedPerDisconnect: 1 }],
  ])('is the consequence of a timer whose leak is %s', async (_what, options) => {
    const heapKb = (disconnects: number) => 9 * disconnects;
    expect((await search({ leaks: 1, heapKb }, 1, options)).leaking).toBe(0);
  });
  test('is found beside an ignored leak that the server does not have', async () => {
    const heapKb = (disconnects: number) => 9 * disconnects;
    expect((await search({ heapKb }, 1, { ignore: ['setTimeout'] })).leaking).toBe(5);
  });
});

describe('a clean server has no finding', () => {
  test('and takes no longer', async () => {
    const heapKb = (disconnects: number) => 100 * Math.log(1 + disconnects);
    const { leaking, tookMs } = await search({ heapKb });
    expect(leaking).toBe(0);
    expect(tookMs).toBeLessThan(1.1 * cleanMs);
  });
  test.each<[string, NonNullable<Behaviour['heapKb']>]>([
    ['memory that warms up', (disconnects) => 3_000 * (1 - Math.exp(-disconnects / 300))],
    ['memory that warms up late', (disconnects) => (disconnects > 400 ? 2_000 : 0)],
    ['a cache of 500', (disconnects) => 5 * Math.min(500, disconnects)],
    ['memory that grows with time', (_disconnects, atMs) => atMs / 20],
    ['memory that rises and falls', (_disconnects, atMs) => 2_000 * Math.sin(atMs / 3_000)],
  ])('with %s', async (_what, heapKb) => {
    for (let seed = 1; seed <= 20; seed++) expect((await search({ heapKb }, seed)).leaking).toBe(0);
  });
  test('with memory that varies at random', async () => {
    for (let seed = 1; seed <= 50; seed++) {
      const random = randomFrom(seed);
      expect((await search({ heapKb: () => 600 * random() }, seed)).leaking).toBe(0);
    }
  });
});
