import { describe, expect, test } from 'vitest';
import { generatorHistograms } from '../result/histogram-names.ts';
import { decodeDurations } from '../measure/durations.ts';
import { createRecorder } from '../measure/recorder.ts';
import { generatorsFor } from './fleet-size.ts';
import { later, mergeProgress, mergeResults } from './merge.ts';
import type { LoadResult } from '../load/task.ts';

describe('the number of generators', () => {
  test.each([
    ['one for an ordinary run', 1_200, 10_000, { descriptors: 20_000, loadCores: 1 }, 1],
    [
      'more if the streams need more descriptors, even on one core',
      40_000,
      40_000,
      { descriptors: 20_000, loadCores: 1 },
      3,
    ],
    [
      'more if the event rate needs more, and there are cores',
      1_000,
      200_000,
      { descriptors: 20_000, loadCores: 3 },
      3,
    ],
    ['one if there are no more cores', 1_000, 200_000, { descriptors: 20_000, loadCores: 1 }, 1],
    [
      'one without a limit of descriptors',
      100_000,
      10_000,
      { descriptors: Infinity, loadCores: 1 },
      1,
    ],
  ])('%s', (_what, streams, eventsPerSecond, machine, expected) =>
    expect(generatorsFor({ streams, eventsPerSecond }, machine)).toBe(expected),
  );
});

function resultOf(
  delivery: number[],
  failures: number,
  closed: { paced: number[]; quiet: number[] },
): LoadResult {
  const recorder = createRecorder({
    intendedNs: new Float64Array(1),
    window: { warmUpAtNs: 0, measureAtNs: 0, disconnectAtNs: 1e18 },
    intervalMs: 100,
    firstNumber: 0,
    sameClock: true,
    stormIntervalMs: null,
    reconnect: null,
  });
  for (let n = 0; n < failures; n++) recorder.encodings.response('gzip');
  recorder.encodings.sent('gzip', 10);
  recorder.encodings.response(`br ${failures}`);
  recorder.encodings.decoded(`br ${failures}`, 7);
  for (let n = 0; n < failures; n++) recorder.failed('stalled', `failure ${n}`);
  for (const [n, ms] of delivery.entries()) recorder.event(0, `${n} ${1e9}`, 1e9 + ms * 1e6);
  return {
    recording: recorder.recording(),
    health: {
      loopUtilization: 0.1,
      loopDelayMaxMs: 1,
      lateAtEndMs: 0,
      pausedShare: 0,
      pausedBeforeShare: 0,
      waitedShare: 0,
      cpuNs: 1,
      rssBytes: 1,
    },
    closedNs: { paced: Float64Array.from(closed.paced), quiet: Float64Array.from(closed.quiet) },
  };
}

test('results of several generators are merged: counts add up, histograms merge, times are in order', () => {
  const first = resultOf([1, 2, 3], 2, { paced: [10, 30], quiet: [5] });
  const merged = mergeResults([first, resultOf([40], 1, { paced: [20], quiet: [] })]);
  expect(merged.recording.counts).toMatchObject({ events: 4, eventsInAll: 4 });
  expect(merged.recording.failures).toEqual({ stalled: { count: 3, example: 'failure 0' } });
  expect(merged.recording.encodings).toEqual({
    gzip: { streams: 3, sentBytes: 20, decodedBytes: 0 },
    'br 2': { streams: 1, sentBytes: 0, decodedBytes: 7 },
    'br 1': { streams: 1, sentBytes: 0, decodedBytes: 7 },
  });
  expect(decodeDurations([merged.recording.histograms.delivery])).toMatchObject({ count: 4 });
  expect(decodeDurations([merged.recording.histograms.delivery]).quantileMs(1)).toBeCloseTo(40, 1);
  expect([...merged.closedNs.paced]).toEqual([10, 20, 30]);
  expect([...merged.closedNs.quiet]).toEqual([5]);
  expect(merged.generators).toHaveLength(2);
  expect(first.recording.counts.events).toBe(3); // the input is unchanged
});

test('two reports of a generator are merged: the longest delay, and otherwise the later values', () => {
  const report = { open: 1, eventsPerSecond: 10, deliveryMs: 0.5 };
  expect(later({ ...report, loopDelayMs: 500 }, { ...report, open: 2, loopDelayMs: 1 })).toEqual({
    ...report,
    open: 2,
    loopDelayMs: 500,
  });
  expect(
    later({ ...report, loopDelayMs: null }, { ...report, loopDelayMs: null }).loopDelayMs,
  ).toBeNull();
  expect(
    mergeProgress([
      { ...report, loopDelayMs: 3 },
      { ...report, deliveryMs: null, loopDelayMs: null },
    ]),
  ).toEqual({ open: 2, eventsPerSecond: 20, loopDelayMs: 3, deliveryMs: 0.5 });
});

test('the result of a single generator is unchanged', () => {
  const only = resultOf([7], 0, { paced: [1], quiet: [] });
  const merged = mergeResults([only]);
  expect(merged.recording.counts).toEqual(only.recording.counts);
  for (const name of generatorHistograms) {
    expect(decodeDurations([merged.recording.histograms[name]]).count).toBe(
      decodeDurations([only.recording.histograms[name]]).count,
    );
  }
});
