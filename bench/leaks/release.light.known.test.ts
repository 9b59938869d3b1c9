import { expect, test, vi } from 'vitest';
import { checkFile, foundOf } from '../tests/fixtures/helpers/leaks.ts';
import { fixture } from '../tests/fixtures/helpers/round.ts';
import { figured } from '../tests/fixtures/helpers/watch-children.ts';

test.each([0, 100, 2_000])(
  'a server that clears its timers after %i ms is clean, with that release time',
  { ...figured, timeout: 60_000 },
  async (lateMs) => {
    vi.stubEnv('LATE_MS', String(lateMs));
    const { inspection, modes } = await checkFile(
      fixture('releases-late'),
      ['close', 'reset', 'early'],
      {
        trace: true,
        deadlineMs: 4_000,
      },
    );
    vi.unstubAllEnvs();
    expect([inspection, foundOf(modes)]).toEqual([
      'probe',
      { close: 'clean', reset: 'clean', early: 'clean' },
    ]);
    for (const { releaseMs } of modes) {
      expect(releaseMs!.p50).toBeGreaterThanOrEqual(lateMs - 1);
      expect(releaseMs!.max).toBeLessThan(lateMs + 30);
    }
  },
);
