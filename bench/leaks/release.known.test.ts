import { describe, expect, test, vi } from 'vitest';
import { checkFile, foundOf } from '../tests/fixtures/helpers/leaks.ts';
import { fixture } from '../tests/fixtures/helpers/round.ts';
import { figured } from '../tests/fixtures/helpers/watch-children.ts';
import { releaseOf } from './release.ts';

const ms = (...times: number[]) => times.map((time) => time * 1e6);

describe('from leaving to clearing', () => {
  test.each<[string, number[], number[][], number[]]>([
    ['the k-th with the k-th', ms(0, 10, 20), [ms(5, 16, 30)], [5, 6, 10]],
    ['of several timers of a stream the last', ms(0, 10), [ms(1, 11), ms(7, 19)], [7, 9]],
    ['not of timers that were cleared before', ms(0, 10), [ms(-5, 11)], []],
    ['not of more timers than clients', ms(0, 10), [ms(1, 2, 3)], []],
    ['not of fewer', ms(0, 10), [ms(1)], []],
    ['nobody left', [], [[]], []],
  ])('%s', (_what, leftNs, clearings, delays) =>
    expect(releaseOf(leftNs, clearings)).toEqual(delays),
  );
});

test.each([0, 100, 2_000])(
  'a server that clears its timers %i ms late',
  { ...figured, timeout: 60_000 },
  async (lateMs) => {
    vi.stubEnv('LATE_MS', String(lateMs));
    const { look, modes } = await checkFile(fixture('releases-late'), ['close', 'reset', 'early'], {
      trace: true,
      deadlineMs: 4_000,
    });
    vi.unstubAllEnvs();
    expect([look, foundOf(modes)]).toEqual([
      'probe',
      { close: 'clean', reset: 'clean', early: 'clean' },
    ]);
    for (const { releaseMs } of modes) {
      expect(releaseMs!.p50).toBeGreaterThanOrEqual(lateMs - 1);
      expect(releaseMs!.max).toBeLessThan(lateMs + 30);
    }
  },
);

describe('a server that clears its timers later than it may', { timeout: 60_000 }, () => {
  const late = async (lateMs: number, streams: number) => {
    vi.stubEnv('LATE_MS', String(lateMs));
    const {
      modes: [found],
    } = await checkFile(fixture('releases-late'), ['close'], { deadlineMs: 500, streams });
    vi.unstubAllEnvs();
    return found!.leaks.find(({ what }) => what.startsWith('setInterval'));
  };
  test('leaks, and it is said when they had gone', async () => {
    const leak = await late(800, 10);
    expect(leak).toMatchObject({ perDisconnect: 1, count: 30, disconnects: 30 });
    expect(leak!.goneAfterMs).toBeGreaterThan(790);
    expect(leak!.goneAfterMs).toBeLessThan(5_000); // seen when it was looked for next, on a machine that has other work
  });
  test('leaks, also where those of one round go in the next', async () => {
    expect((await late(2_200, 10))!.perDisconnect).toBeGreaterThan(0.25);
  });
});
