import { expect, test } from 'vitest';
import { decodeDurations } from './durations.ts';
import { counterReader } from './event-data/counter.ts';
import { createStorm, type Storm } from './storm.ts';

const ms = 1e6;
const usual = {
  streams: 1,
  read: counterReader(false).read,
  intervalMs: 100,
  isOwnStamp: () => true,
  measuring: (atNs: number) => atNs < 1_100 * ms,
};
const countOf = (storm: Storm, name: 'stormDelivery' | 'stormLoopDelay') =>
  decodeDurations([storm.findings().histograms[name].encode()]).count;

test('measures the delay and the delivery of events from the start of the storm', () => {
  const storm = createStorm(usual);
  storm.event(0, `0 ${1_000 * ms}`, 1_050 * ms);
  storm.begin(1_100 * ms);
  storm.event(0, `1 ${1_140 * ms}`, 1_143 * ms);
  storm.event(0, 'no counter', 1_150 * ms);
  storm.event(0, `2 ${1_240 * ms}`, 1_241 * ms);
  const { counts, histograms } = storm.findings();
  const recorded = (name: keyof typeof histograms) =>
    decodeDurations([histograms[name].encode()])
      .recorded()
      .map(({ valueMs }) => Math.round(valueMs));
  expect(recorded('stormDelivery')).toEqual([1, 3]);
  expect(recorded('stormLoopDelay')).toEqual([0, 40]);
  expect(counts.remainingStreamEvents).toBe(1); // in the measurement
});

test('measures the time between two events, and the silence of a stream without any', () => {
  const storm = createStorm({ ...usual, streams: 3, intervalMs: null });
  for (const stream of [0, 1]) storm.event(stream, 'news', 1_000 * ms);
  storm.event(0, 'news', 1_090 * ms);
  storm.begin(1_100 * ms);
  storm.event(0, 'news', 1_300 * ms);
  storm.end(3_100 * ms);
  expect(
    decodeDurations([storm.findings().histograms.stormGap.encode()])
      .recorded()
      .map(({ valueMs }) => Math.round(valueMs / 10)),
  ).toEqual([21, 180, 210]);
});

test('a stream that becomes silent in the storm counts only if that is longer than any gap', () => {
  const gaps = (lastMs: number) => {
    const storm = createStorm({ ...usual, intervalMs: null });
    storm.event(0, 'news', 1_000 * ms);
    storm.begin(1_100 * ms);
    for (let atMs = 1_200; atMs <= lastMs; atMs += 200) storm.event(0, 'news', atMs * ms);
    storm.end(3_100 * ms);
    const { stormGap } = storm.findings().histograms;
    return decodeDurations([stormGap.encode()]).recorded();
  };
  expect(gaps(3_000)).toEqual([{ valueMs: expect.closeTo(200, 0), count: 10 }]);
  expect(gaps(1_200)).toEqual([
    { valueMs: expect.closeTo(200, 0), count: 1 },
    { valueMs: expect.closeTo(1_900, -1), count: 1 },
  ]);
});

test('delivery needs no number', () => {
  const read = (data: string) => ({ number: undefined, stampNs: Number(data) });
  const storm = createStorm({ ...usual, read });
  storm.begin(0);
  storm.event(0, `${ms}`, 3 * ms);
  expect(countOf(storm, 'stormDelivery')).toBe(1);
  expect(countOf(storm, 'stormLoopDelay')).toBe(0);
});

test('ignores stamps of another clock', () => {
  const storm = createStorm({ ...usual, isOwnStamp: () => false });
  storm.begin(0);
  storm.event(0, `0 ${ms}`, 2 * ms);
  expect(countOf(storm, 'stormDelivery')).toBe(0);
});

test('without an interval there is no loop delay', () => {
  const storm = createStorm({ ...usual, intervalMs: null });
  storm.begin(0);
  for (const n of [0, 1]) storm.event(0, `${n} ${n * ms}`, (n + 2) * ms);
  expect(countOf(storm, 'stormLoopDelay')).toBe(0);
  expect(countOf(storm, 'stormDelivery')).toBe(2);
});
