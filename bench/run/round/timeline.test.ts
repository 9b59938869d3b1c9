import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { TreeSample } from '../../system/process-tree.ts';
import { recordTimeline } from './timeline.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const clock = { nowNs: () => Date.now() * 1e6 };
const used = (cpuNs: number, rssBytes: number, pid = 1): TreeSample & { pid: number } => ({
  pid,
  cpuNs,
  rssBytes,
  waitsNs: new Map([[pid, 0]]),
  descriptors: { open: 7, limit: null },
  openDescriptors: 7,
});

test('records phases and samples in milliseconds from the first stream, and the share of CPU time', () => {
  const samples = [used(1e9, 50), used(1.1e9, 60), used(1.6e9, 70)];
  const loads = [
    { open: 10, eventsPerSecond: 0, loopDelayMs: null, deliveryMs: null },
    { open: 20, eventsPerSecond: 99.6, loopDelayMs: 2.71414, deliveryMs: 0.12345 },
  ];
  const recorder = recordTimeline(
    clock,
    () => loads.shift()!,
    () => samples.shift(),
  );
  recorder.enter('ramp');
  vi.advanceTimersByTime(700);
  recorder.enter('measure');
  vi.advanceTimersByTime(400);
  const timeline = recorder.end();
  vi.advanceTimersByTime(5_000);
  expect(timeline).toEqual({
    phases: [
      { phase: 'ramp', atMs: 0 },
      { phase: 'measure', atMs: 700 },
    ],
    samples: [
      {
        atMs: 500,
        open: 10,
        eventsPerSecond: 0,
        loopDelayMs: null,
        deliveryMs: null,
        cpuShare: 0.2,
        rssBytes: 60,
        descriptors: 7,
        connections: null,
      },
      {
        atMs: 1_000,
        open: 20,
        eventsPerSecond: 100,
        loopDelayMs: 2.71,
        deliveryMs: 0.123,
        cpuShare: 1,
        rssBytes: 70,
        descriptors: 7,
        connections: null,
      },
    ],
  });
});

test('computes no CPU time across a restart of the server', () => {
  const samples = [used(1e9, 50), used(1.1e9, 60), used(1.2e9, 70, 2), used(1.4e9, 80, 2)];
  const recorder = recordTimeline(
    clock,
    () => ({ open: 1, eventsPerSecond: 2, loopDelayMs: null, deliveryMs: null }),
    () => samples.shift(),
  );
  vi.advanceTimersByTime(1_500);
  expect(recorder.end().samples.map(({ cpuShare }) => cpuShare)).toEqual([0.2, null, 0.4]);
});

test('records only the figures of the load and its connections for a URL', () => {
  const recorder = recordTimeline(
    clock,
    () => ({ open: 1, eventsPerSecond: 2, loopDelayMs: null, deliveryMs: null }),
    () => undefined,
    () => 4,
  );
  vi.advanceTimersByTime(500);
  expect(recorder.end().samples).toEqual([
    {
      atMs: 500,
      open: 1,
      eventsPerSecond: 2,
      loopDelayMs: null,
      deliveryMs: null,
      cpuShare: null,
      rssBytes: null,
      descriptors: null,
      connections: 4,
    },
  ]);
});
