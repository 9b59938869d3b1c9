/**
 * The work of the harness for each event, and the cost to a server of one timer for each stream.
 */
import { readTimer } from '../inspector/timers.ts';
import { decodeDurations } from '../measure/durations.ts';
import { createHistogram } from '../measure/histogram.ts';
import { createSequenceAudit } from '../measure/sequence.ts';
import { randomFrom } from '../statistics/random.ts';
import type { MicroCase } from './micro-case.ts';

const timers = 10_000;
const events = 100_000;
const streams = 1_000;

export function recording(seed: number): MicroCase[] {
  const random = randomFrom(seed);
  // Like real latencies: most are similar and a few are long.
  const durationsNs = Float64Array.from({ length: events }, () => 1e5 * (1 - random()) ** -1.5);
  const base = { amount: events, unit: 'events', bytes: 0 };
  return [
    {
      ...base,
      group: 'timers',
      name: 'create and clear',
      unit: 'timers',
      amount: timers,
      run() {
        const all = Array.from({ length: timers }, () => setInterval(() => {}, 1_000));
        let cleared = 0;
        for (const timer of all) {
          clearInterval(timer);
          cleared += Number(readTimer(timer) === undefined);
        }
        return cleared;
      },
    },
    {
      ...base,
      group: 'histogram',
      name: 'record',
      run: () => {
        const histogram = createHistogram();
        for (const durationNs of durationsNs) histogram.recordNs(durationNs);
        return decodeDurations([histogram.encode()]).count;
      },
    },
    {
      ...base,
      group: 'sequence audit',
      name: 'record',
      run() {
        const audit = createSequenceAudit(streams, 0);
        for (let n = 0; n < events; n++) audit.record(n % streams, Math.floor(n / streams));
        const { missing, duplicate, outOfOrder } = audit.findings().counts;
        return events - missing - duplicate - outOfOrder;
      },
    },
  ];
}
