import { expect, test } from 'vitest';
import { noCounts } from './counts.ts';
import { createHistogram, decodeDurations } from './histogram.ts';
import { createStorm } from './storm.ts';

const ms = 1e6;
const usual = {
  streams: 1,
  intervalMs: 100,
  isOurs: () => true,
  measuring: (atNs: number) => atNs < 1_100 * ms,
  counts: noCounts(),
};

test('what comes from the beginning of the storm on: how late it was sent, and how long it took', () => {
  const histograms = { delivery: createHistogram(), loopDelay: createHistogram() };
  const counts = noCounts();
  const storm = createStorm({ ...usual, ...histograms, counts });
  storm.event(0, `0 ${1_000 * ms}`, 1_050 * ms);
  storm.begin(1_100 * ms);
  storm.event(0, `1 ${1_140 * ms}`, 1_143 * ms);
  storm.event(0, 'no counter', 1_150 * ms);
  storm.event(0, `2 ${1_240 * ms}`, 1_241 * ms);
  const recorded = (name: keyof typeof histograms) =>
    decodeDurations([histograms[name].encode()])
      .recorded()
      .map(({ valueMs }) => Math.round(valueMs));
  expect(recorded('delivery')).toEqual([1, 3]);
  expect(recorded('loopDelay')).toEqual([0, 40]);
  expect(counts.stayingEvents).toBe(1); // in the measuring
});

test('stamps of another clock say nothing', () => {
  const histograms = { delivery: createHistogram(), loopDelay: createHistogram() };
  const storm = createStorm({ ...usual, ...histograms, isOurs: () => false });
  storm.begin(0);
  storm.event(0, `0 ${ms}`, 2 * ms);
  expect(decodeDurations([histograms.delivery.encode()]).count).toBe(0);
});

test('without an interval there is no delay of a timer', () => {
  const histograms = { delivery: createHistogram(), loopDelay: createHistogram() };
  const storm = createStorm({ ...usual, ...histograms, intervalMs: null });
  storm.begin(0);
  for (const n of [0, 1]) storm.event(0, `${n} ${n * ms}`, (n + 2) * ms);
  expect(decodeDurations([histograms.loopDelay.encode()]).count).toBe(0);
  expect(decodeDurations([histograms.delivery.encode()]).count).toBe(2);
});
