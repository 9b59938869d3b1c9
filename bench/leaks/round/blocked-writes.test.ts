import { expect, test } from 'vitest';
import { checkOptions } from '../../tests/fixtures/helpers/leaks.ts';
import { watchMemory } from './blocked-writes.ts';
import type { Examination } from './examination.ts';
import type { Queued } from '../inspection/queues-within.ts';

const streams = 10;
const KB = 1_024 * streams;

/** A server whose queue has this many KB for each stream, in simulated time. */
function serverWith(queuedKb: (seconds: number) => number) {
  let atMs = 0;
  const queued = async (): Promise<Queued> => {
    const kb = queuedKb(atMs / 1_000);
    return {
      memoryBytes: kb * KB,
      queuedBytes: kb * KB,
      beyondMarkBytes: Math.max(0, kb - 64) * KB,
    };
  };
  const examination = {
    server: { inspection: { queued } },
    options: checkOptions,
    time: { nowMs: () => atMs, sleep: async (ms: number) => void (atMs += ms) },
    signal: new AbortController().signal,
  } as unknown as Examination;
  return { examination, tookSeconds: () => atMs / 1_000 };
}

test('a queue of 3 KB per second is found, and in the next round at once', async () => {
  const { examination, tookSeconds } = serverWith((seconds) => 3 * seconds);
  const found = await watchMemory(examination, streams, 0);
  expect(found).toMatchObject({ grown: [{ kind: 'memory', count: expect.closeTo(30, 3) }] });
  expect(tookSeconds()).toBeLessThan(35);
  const before = tookSeconds();
  expect(await watchMemory(examination, streams, 0)).toHaveProperty('grown.length', 1);
  expect(tookSeconds() - before).toBeLessThan(6);
});

test('a queue with a limit has a figure and is no finding', async () => {
  const { examination, tookSeconds } = serverWith((seconds) => Math.min(12, 40 * seconds));
  expect(await watchMemory(examination, streams, 0)).toEqual({ kbPerStream: 12, grown: [] });
  expect(tookSeconds()).toBeLessThan(10);
});

test('a queue that is still too small at the end is unclear', async () => {
  const { examination, tookSeconds } = serverWith((seconds) => 0.6 * seconds);
  expect(await watchMemory(examination, streams, 0)).toEqual({
    unclear: expect.stringMatching(
      /^clients that do not read had a queue that still grew after 90 s, .*--patience$/,
    ),
  });
  expect(tookSeconds()).toBeLessThan(100);
});
