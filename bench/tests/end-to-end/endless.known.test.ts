/**
 * The memory of the command against servers whose responses never end, or expand without end. These
 * tests need the machine to themselves: without a free core, garbage is collected late.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exitCodes } from '../../result/exit-codes.ts';
import {
  endHostile,
  measure,
  startHostile,
  timeout,
  usual,
  type Measured,
} from '../fixtures/helpers/hostile-runs.ts';

beforeAll(startHostile);
afterAll(endHostile);

/** The most memory that one generator may use against any server. */
const mostMB = 250;

/** Each stream is counted once, and only these failure causes occur. */
function expectOnly({ rounds }: Measured, ...causes: string[]) {
  for (const [path, { failures }] of rounds)
    expect({ path, causes }).toEqual({
      path,
      causes: expect.arrayContaining(Object.keys(failures)),
    });
}

// The garbage waiting at the worst moment varies, so the tests may be repeated. Without a bound, it
// would be gigabytes every time.
const bounded = { retry: 2, timeout };

describe('an endless response', bounded, () => {
  const withoutEnd = ['endless-line', 'endless-event', 'gigabyte'];

  test(`20 streams of ${withoutEnd.join(', ')} all fail, the fast ones as too long`, async () => {
    const { rounds, code } = await measure(withoutEnd);
    for (const { failures, state } of rounds.values()) {
      const { 'event too long': tooLong, 'no whole event': none, ...others } = failures;
      expect(others).toEqual({});
      expect(tooLong).toMatchObject({ example: expect.stringContaining('MiB') });
      // A slow machine has not received that much of every stream by the end.
      expect(tooLong!.count + (none?.count ?? 0)).toBe(usual.streams);
      expect(state).toBe('failed');
    }
    expect(code).toBe(exitCodes.failure);
  });

  // The streams reach the limit within half a second.
  const many = { streams: 300, durationMs: 1_500, mostMB };

  test.each([withoutEnd, ['endless-comment', 'endless-id', 'endless-nuls']])(
    '300 streams of %s, %s and %s stay within the memory limit',
    async (...paths) => {
      for (const { failures } of (await measure(paths, many)).rounds.values())
        expect(failures['event too long']).toMatchObject({
          example: expect.stringContaining('MiB'),
        });
    },
  );

  test.each([
    ['endless-comments', 'endless-ids'],
    ['whole-events', 'endless-short-headers'],
  ])('300 streams of %s and %s stay within the memory limit', async (...paths) => {
    const result = await measure(paths, many);
    expectOnly(result, 'event too long', 'no whole event', 'no answer', 'headers too long');
  });
});

/** Measures two paths at once, because one run alone waits for half of its time. */
async function measureAtOnce(paths: readonly string[], streams: number) {
  const load = { streams, durationMs: 2_000, mostMB: 500 };
  return Promise.all(paths.map((path) => measure([path], load)));
}

describe('decompression bombs', bounded, () => {
  test('20 streams of each fail as decompression bombs', async () => {
    const bombs = ['bomb-gzip', 'bomb-br', 'bomb-zstd'];
    const { rounds, code } = await measure(bombs, { ...usual, durationMs: 3_000 });
    for (const { failures } of rounds.values())
      expect(failures['decompression bomb']).toMatchObject({
        count: 20,
        example: expect.stringMatching(/MiB.*: [\d,]+ bytes from [\d,]+ bytes of \w+/),
      });
    expect(code).toBe(exitCodes.failure);
  });

  test.each([[['bomb-gzip', 'bomb-br']], [['bomb-of-lines']]])(
    '1,000 streams of %j stay within the memory limit',
    async (paths) => {
      for (const result of await measureAtOnce(paths, 1_000))
        expectOnly(result, 'decompression bomb', 'event too long', 'no whole event', 'no answer');
    },
  );

  test('300 streams of /bomb-of-comments and /bomb-of-events stay within the memory limit', async () => {
    for (const result of await measureAtOnce(['bomb-of-comments', 'bomb-of-events'], 300))
      // While a generator decompresses some streams, it does not read the others.
      expectOnly(result, 'no answer', 'stalled', 'decompression takes too much memory');
  });
});
