/** Metrics of streams that the server cuts, and of their clients' reconnects. */
import type { Durations } from '../measure/durations.ts';
import { audited } from './audit-metrics.ts';
import { sum, type Metric, type Readings } from './metric.ts';

const ofCut =
  (figure: (readings: Readings) => number | undefined): Metric['of'] =>
  (readings) =>
    readings.counts.cut > 0 ? figure(readings) : undefined;

const peakOverMs = 100;

/** The highest number of attempts in any 0.1 s, wherever it begins, scaled to one second. */
function peakPerSecond(attempts: Durations): number {
  const all = attempts.recorded();
  let [most, within, first] = [0, 0, 0];
  for (const { valueMs, count } of all) {
    within += count;
    while (all[first]!.valueMs <= valueMs - peakOverMs) within -= all[first++]!.count;
    most = Math.max(most, within);
  }
  return most * (1_000 / peakOverMs);
}

export const reconnectMetrics: readonly Metric[] = [
  {
    name: 'cut',
    label: 'cut',
    unit: '',
    group: 'audit',
    only: 'a cut',
    definition: 'Streams that the server cut on request.',
    of: ofCut(({ counts }) => counts.cut),
  },
  {
    name: 'not-reconnected',
    label: 'not reconnected',
    unit: '',
    group: 'audit',
    only: 'a cut',
    definition: 'Cut streams that received no event again before the end.',
    of: ofCut(({ counts }) => counts.cut - counts.reconnected),
  },
  {
    name: 'connect-rate',
    label: 'peak connect rate',
    unit: '/s',
    group: 'throughput',
    only: 'a cut',
    definition:
      'The most attempts to reconnect in any 100 ms after the cut, times ten. Failed attempts count too. It follows from how long clients wait.',
    of: ofCut(({ durations }) => peakPerSecond(durations.reconnectAttempt)),
  },
  {
    name: 'failed-attempts',
    label: 'failed attempts',
    unit: '',
    group: 'audit',
    only: 'a cut',
    definition:
      'Attempts to reconnect that were refused, or that broke, even later. Another attempt follows while there is time. The report lists the causes.',
    of: ofCut(({ failedAttempts }) => sum(Object.values(failedAttempts).map(({ count }) => count))),
  },
  {
    name: 'missed-over-cut',
    label: 'missed over the cut',
    unit: '',
    group: 'audit',
    only: 'a cut',
    definition:
      'Events between a stream’s last one before the cut and its first one after it, which it never received. A server that receives the last id can send the events after it.',
    of: ofCut(audited(({ missedOverCut }) => missedOverCut)),
  },
  {
    name: 'doubled-over-cut',
    label: 'doubled over the cut',
    unit: '',
    group: 'audit',
    only: 'a cut',
    definition:
      'Events that a stream received before the cut and again after it, by the first one after it. A server without memory of the stream begins anew and doubles all of them.',
    of: ofCut(audited(({ doubledOverCut }) => doubledOverCut)),
  },
];
