import { describe, expect, test, vi } from 'vitest';
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

const patient = { ...figured, timeout: 120_000 };

describe('a server that clears its timers after the deadline', patient, () => {
  const late = async (lateMs: number, streams: number) => {
    vi.stubEnv('LATE_MS', String(lateMs));
    const {
      modes: [found],
    } = await checkFile(fixture('releases-late'), ['close'], { deadlineMs: 500, streams });
    vi.unstubAllEnvs();
    return found!.leaks.find(({ what }) => what.startsWith('setInterval'));
  };
  test('leaks, and the finding has the time of the release', async () => {
    // The inspection at the deadline must come before the release, also on a busy machine.
    const leak = await late(1_500, 10);
    expect(leak).toMatchObject({ perDisconnect: 1, count: 30, disconnects: 30 });
    expect(leak!.releasedAfterMs).toBeGreaterThan(1_490);
    // The next inspection finds it gone, and other work can delay that inspection.
    expect(leak!.releasedAfterMs).toBeLessThan(5_000);
  });
  test('leaks, even if the timers of one round are cleared during the next', async () => {
    expect((await late(2_200, 10))!.perDisconnect).toBeGreaterThan(0.25);
  });
});
