import { describe, expect, test } from 'vitest';
import { randomFrom } from '../statistics/random.ts';
import { judgeBlockedMemory, type MemorySample } from './blocked-memory.ts';

/** In KB for each stream. */
interface Simulated {
  memoryKb: (seconds: number) => number;
  queuedKb?: (seconds: number) => number;
}
const highWaterMarkKb = 64;

/** Samples once a second; the memory has noise of up to this many KB in both directions. */
function samplesOf(
  { memoryKb, queuedKb = () => 0 }: Simulated,
  { count = 45, noiseKb = 1, seed = 1 } = {},
): MemorySample[] {
  const random = randomFrom(seed);
  return Array.from({ length: count }, (_, second) => ({
    atMs: second * 1_000,
    memoryKb: memoryKb(second) + noiseKb * (2 * random() - 1),
    queuedKb: queuedKb(second),
    beyondMarkKb: Math.max(0, queuedKb(second) - highWaterMarkKb),
  }));
}

/** The first verdict while samples arrive, as a check sees it. */
function verdictOf(samples: readonly MemorySample[], isUnbounded = false) {
  for (let count = 1; count <= samples.length; count++) {
    const verdict = judgeBlockedMemory(samples.slice(0, count), isUnbounded);
    if (verdict.state !== 'undecided') return { state: verdict.state, afterSeconds: count - 1 };
  }
  return { state: 'undecided', afterSeconds: samples.length - 1 };
}
const statesOf = (runs: number, simulated: Simulated, noiseKb: number) =>
  Array.from(
    { length: runs },
    (_, seed) => verdictOf(samplesOf(simulated, { noiseKb, seed })).state,
  );

describe('events of 3 KB per second', () => {
  const queuedKb = (seconds: number) => 3 * seconds;
  const own = { memoryKb: (seconds: number) => 10 + 8.7 * seconds, queuedKb };
  const shared = { memoryKb: (seconds: number) => 10 + 0.3 * seconds, queuedKb };

  test.each([
    ['of each client', own],
    ['that all clients share', shared],
  ])('%s are found soon after they exceed the high-water mark', (_what, simulated) => {
    const { state, afterSeconds } = verdictOf(samplesOf(simulated));
    expect(state).toBe('growing');
    expect(afterSeconds).toBeGreaterThan(21);
    expect(afterSeconds).toBeLessThan(40);
  });

  test('are found again after a few samples', () =>
    expect(verdictOf(samplesOf(own), true)).toEqual({ state: 'growing', afterSeconds: 5 }));

  test.each([0.3, 20])('are bounded if a drain is awaited, with events of %d KB', (eventKb) => {
    // The last event is written as long as the mark is not reached.
    const most = Math.ceil(highWaterMarkKb / eventKb);
    const full = (seconds: number) => eventKb * Math.min(most, Math.floor((3 * seconds) / eventKb));
    const simulated = { memoryKb: (seconds: number) => 10 + 2.9 * full(seconds), queuedKb: full };
    expect(verdictOf(samplesOf(simulated, { count: 90 })).state).toBe('bounded');
  });

  test('are undecided in a queue that is not a socket and may be bounded', () =>
    expect(verdictOf(samplesOf({ memoryKb: (seconds) => 3 * seconds })).state).toBe('undecided'));
});

test('a queue that fills quickly is found as soon as its slope is certain', () =>
  expect(
    verdictOf(samplesOf({ memoryKb: (seconds) => 400 * (seconds + 1) }, { noiseKb: 50 })),
  ).toEqual({ state: 'growing', afterSeconds: 5 }));

test('a queue that fills faster than any buffer is found after three samples', () =>
  expect(verdictOf(samplesOf({ memoryKb: (seconds) => 4_000 * (seconds + 1) }))).toEqual({
    state: 'growing',
    afterSeconds: 2,
  }));

test('memory that stays the same is bounded after a few samples', () =>
  expect(verdictOf(samplesOf({ memoryKb: () => 14 }, { noiseKb: 0.2 }))).toEqual({
    state: 'bounded',
    afterSeconds: 5,
  }));

test.each([0.2, 5, 50])('noise of %d KB alone is never growth', (noiseKb) =>
  expect(statesOf(200, { memoryKb: () => 100 }, noiseKb)).not.toContain('growing'),
);

// It must look like growth in both rounds of a mode.
test.each([20, 500])('noise of %d KB above bounded buffers is rarely growth', (noiseKb) => {
  const states = statesOf(1_000, { memoryKb: () => 1_000 }, noiseKb);
  expect(states.filter((state) => state === 'growing').length).toBeLessThan(30);
});
