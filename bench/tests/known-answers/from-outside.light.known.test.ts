/** Slow readers and a disconnect storm of a server that ssebench measures only by its URL. */
import { expect, test, vi } from 'vitest';
import { fromOutside } from '../../scenario/scenario.ts';
import { placement } from '../../system/cores.ts';
import { startServer } from '../../under-test/server.ts';
import { figuresOf, fixture, measureOnce, type RoundOverrides } from '../fixtures/helpers/round.ts';
import { figured, nothingLeftRunning, watchChildren } from '../fixtures/helpers/watch-children.ts';

nothingLeftRunning(watchChildren(), () => []);

/** Starts a server with a fault, and measures it by its URL alone. */
async function measured(file: string, query: string, scenario: RoundOverrides['scenario']) {
  const server = await startServer(fixture(file), placement()?.server);
  try {
    const url = fromOutside('it', `${server.origin}/event?${query}`, null);
    const { result } = await measureOnce(url, { scenario: { quietStreams: 0, ...scenario } });
    return figuresOf(result);
  } finally {
    await server.stop();
  }
}

test.skipIf(process.platform !== 'linux')(
  'the system shows how many slow readers the server gave up',
  figured,
  async () => {
    const load = {
      streams: 10,
      slowReaders: 5,
      intervalMs: null,
      warmUpMs: 2_000,
      durationMs: 4_000,
    };
    const query = 'interval=20&stamp&bytes=';
    expect(await measured('evicts-slow-readers', `${query}65536`, load)).toMatchObject({
      evicted: 5,
      failed: 0,
      missing: 0,
    });
    // These events fit into the buffers.
    const short = { ...load, warmUpMs: 300, durationMs: 1_000 };
    expect(await measured('evicts-slow-readers', `${query}100`, short)).toMatchObject({
      evicted: 0,
      failed: 0,
    });
  },
);

test('remaining streams pause while the server is busy with the others', figured, async () => {
  const storm = async (closeMs: string) => {
    vi.stubEnv('CLOSE_MS', closeMs);
    const load = { streams: 60, remainingStreams: 20, intervalMs: null };
    const figures = await measured('computes-at-close', 'interval=20&stamp', load);
    vi.unstubAllEnvs();
    return Number(figures['storm-gap.max']);
  };
  expect(await storm('0')).toBeLessThan(500);
  // 60 times 20 ms, in one turn of the event loop or a few.
  const pauseMs = await storm('20');
  expect(pauseMs).toBeGreaterThan(600);
  expect(pauseMs).toBeLessThan(1_800);
});
