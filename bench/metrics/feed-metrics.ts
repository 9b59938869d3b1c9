/** Metrics of servers without a fixed interval. */
import type { Metric } from './metric.ts';

const rows = [
  {
    name: 'longest-silence',
    label: 'longest silence',
    unit: 'ms',
    group: 'latency',
    definition:
      'The longest time without an event on a stream that had events, also at the end of the measurement. The time between two connections does not count. For all rounds together, it is the longest one.',
    of: ({ durations }) => durations.silence.quantileMs(1),
    quantile: { histogram: 'silence', share: 1, samplesGrowWith: 'streams' },
  },
] as const satisfies readonly Metric[];

export const feedMetrics: readonly Metric[] = rows;
export type FeedMetric = (typeof rows)[number]['name'];
