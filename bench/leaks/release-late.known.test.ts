import { describe, expect, test, vi } from 'vitest';
import { checkFile } from '../tests/fixtures/helpers/leaks.ts';
import { fixture } from '../tests/fixtures/helpers/round.ts';

describe('a server that clears its timers after the deadline', { timeout: 60_000 }, () => {
  const late = async (lateMs: number, streams: number) => {
    vi.stubEnv('LATE_MS', String(lateMs));
    const {
      modes: [found],
    } = await checkFile(fixture('releases-late'), ['close'], { deadlineMs: 500, streams });
    vi.unstubAllEnvs();
    return found!.leaks.find(({ what }) => what.startsWith('setInterval'));
  };
  test('leaks, and the finding has the time of the release', async () => {
    const leak = await late(800, 10);
    expect(leak).toMatchObject({ perDisconnect: 1, count: 30, disconnects: 30 });
    expect(leak!.releasedAfterMs).toBeGreaterThan(790);
    // The next inspection finds it gone, and other work can delay that inspection.
    expect(leak!.releasedAfterMs).toBeLessThan(5_000);
  });
  test('leaks, even if the timers of one round are cleared during the next', async () => {
    expect((await late(2_200, 10))!.perDisconnect).toBeGreaterThan(0.25);
  });
});
