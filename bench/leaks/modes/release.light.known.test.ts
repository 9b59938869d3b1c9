import { expect, test, vi } from 'vitest';
import { checkFile, foundOf } from '../../tests/fixtures/helpers/leaks.ts';
import { fixture } from '../../tests/fixtures/helpers/round.ts';
import { figured } from '../../tests/fixtures/helpers/watch-children.ts';

test.each([
  [0, ['close', 'reset', 'early']],
  [100, ['close', 'reset', 'early']],
  [2_000, ['close']], // a mode takes 6 s, and a repeated test as long again
])(
  'a server that clears its timers after %i ms is clean, with that release time: %j',
  { ...figured, timeout: 60_000 },
  async (lateMs, tried) => {
    vi.stubEnv('LATE_MS', String(lateMs));
    const { inspection, modes } = await checkFile(fixture('releases-late'), tried, {
      trace: true,
      deadlineMs: 4_000,
    });
    vi.unstubAllEnvs();
    expect([inspection, foundOf(modes)]).toEqual([
      'probe',
      Object.fromEntries(tried.map((mode) => [mode, 'clean'])),
    ]);
    for (const { releaseMs } of modes) {
      expect(releaseMs!.p50).toBeGreaterThanOrEqual(lateMs - 1);
      expect(releaseMs!.max).toBeLessThan(lateMs + 30);
    }
  },
);

// `search.test.ts` has the other late releases, in simulated time.
test(
  'a server that clears the timers of one round during the next leaks',
  { ...figured, timeout: 60_000 },
  async () => {
    vi.stubEnv('LATE_MS', '3000'); // longer than a round
    const { modes } = await checkFile(fixture('releases-late'), ['close'], { deadlineMs: 500 });
    vi.unstubAllEnvs();
    const leak = modes[0]!.leaks.find(({ what }) => what.startsWith('setInterval'));
    expect(leak!.perDisconnect).toBeGreaterThan(0.25);
  },
);
