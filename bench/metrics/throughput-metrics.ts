/** Metrics of received events and bytes, and of their pace. */
import type { Metric, Readings } from './metric.ts';

const perSecond = (amount: number, { durationMs }: Readings) => amount / (durationMs / 1000);

/** ssebench does not read the single events of the other loads with an outcome. */
const readsEvents = ({ outcome }: Readings) => outcome === null || outcome.kind === 'answers';

const rows = [
  {
    name: 'events',
    label: 'events',
    unit: '/s',
    group: 'throughput',
    moreIsBetter: true,
    definition:
      'Events received by all streams. At a given rate, all servers that keep up have the same value.',
    of: (readings) =>
      readsEvents(readings) ? perSecond(readings.counts.events, readings) : undefined,
  },
  {
    name: 'achieved',
    label: 'achieved',
    unit: '%',
    group: 'throughput',
    needs: ['interval'],
    definition:
      'Events received, as a share of the events that all planned streams would receive at the requested interval.',
    of: ({ counts, planned, plannedStreamMs, durationMs, intervalMs }) =>
      intervalMs === null
        ? undefined
        : (100 * counts.events) / ((plannedStreamMs ?? planned * durationMs) / intervalMs),
  },
  {
    name: 'drift',
    label: 'drift',
    unit: '%',
    group: 'throughput',
    needs: ['interval'],
    definition: 'How much longer the mean gap is than the interval, because of the server’s timer.',
    of({ counts, intervalMs }) {
      if (counts.gaps === 0 || intervalMs === null) return undefined;
      return 100 * (counts.gapsSumNs / counts.gaps / 1e6 / intervalMs - 1);
    },
  },
  {
    name: 'fairness',
    label: 'fairness',
    unit: '%',
    group: 'throughput',
    // Jain, Chiu and Hawe, A Quantitative Measure of Fairness, DEC-TR-301, 1984: (Σx)² / (n Σx²).
    moreIsBetter: true,
    definition:
      'Jain’s index of the events per stream. 100 % if all n streams received equally many, 100 % / n if one stream received all.',
    of: ({ counts: { events, eventsSquared, opened }, plannedStreamMs }) =>
      eventsSquared > 0 && plannedStreamMs === null
        ? (100 * events ** 2) / (opened * eventsSquared)
        : undefined,
  },
  {
    name: 'bytes',
    label: 'body bytes',
    unit: 'KB/s',
    group: 'throughput',
    moreIsBetter: true,
    definition: 'Bytes of response bodies, without chunk framing.',
    of: (readings) =>
      readsEvents(readings) ? perSecond(readings.counts.bodyBytes, readings) / 1024 : undefined,
  },
  {
    name: 'events-per-read',
    label: 'events per read',
    unit: '',
    group: 'throughput',
    definition:
      'Events per read of a socket that returned body data. Above 1, something on the way collects events. Below 1, it splits them.',
    of: ({ counts: { events, reads } }) => (reads > 0 ? events / reads : undefined),
  },
] as const satisfies readonly Metric[];

export const throughputMetrics: readonly Metric[] = rows;
export type ThroughputMetric = (typeof rows)[number]['name'];
