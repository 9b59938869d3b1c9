/** Metrics of durations: one row for each histogram, with a metric for each of its quantiles. */
import type { HistogramName } from '../result/histogram-names.ts';
import type { Metric } from './metric.ts';

const quantiles = { p50: 0.5, p90: 0.9, p99: 0.99, 'p99.9': 0.999, max: 1 } as const;
type QuantileName = keyof typeof quantiles;

export interface Distribution {
  histogram: HistogramName;
  name: string;
  label: string;
  group: Metric['group'];
  definition: string;
  headline?: QuantileName;
  /** The kind of load that has this distribution, if not every load has it. */
  only?: NonNullable<Metric['only']>;
  needs?: NonNullable<Metric['needs']>;
  /** The quantile that decides comparisons, and the relative change that does not matter. */
  primary?: { quantile: QuantileName; margin: number };
}

export const distributions: readonly Distribution[] = [
  {
    histogram: 'timeToHeaders',
    name: 'headers',
    label: 'headers',
    group: 'latency',
    definition: 'From the intended start of a stream to the head of its response.',
  },
  {
    histogram: 'timeToHeadersUncorrected',
    name: 'headers-uncorrected',
    label: 'headers, uncorrected',
    group: 'latency',
    definition:
      'The same from the real start: without the time that the stream waited for the generator.',
  },
  {
    histogram: 'timeToFirstByte',
    name: 'first-byte',
    label: 'first byte',
    group: 'latency',
    definition:
      'From the intended start to the first byte of the body, be it of a comment or an event.',
  },
  {
    histogram: 'timeToFirstEvent',
    name: 'ttfe',
    label: 'TTFE',
    group: 'latency',
    definition:
      'From the intended start of a stream to its first event; the first comes after one interval.',
    headline: 'p99',
  },
  {
    histogram: 'timeToFirstEventUncorrected',
    name: 'ttfe-uncorrected',
    label: 'TTFE, uncorrected',
    group: 'latency',
    definition: 'The same from the real start.',
  },
  {
    histogram: 'eventGap',
    name: 'gap',
    label: 'event gap',
    group: 'latency',
    definition: 'Between two events of one stream; less the interval, it is the jitter.',
  },
  {
    histogram: 'scheduleLag',
    name: 'lag',
    label: 'schedule lag',
    group: 'latency',
    needs: ['interval'],
    definition:
      'How late an event came by its stream’s own schedule, with the drift of the server’s timer taken off.',
  },
  {
    histogram: 'delivery',
    name: 'delivery',
    label: 'delivery',
    group: 'latency',
    needs: ['clock'],
    definition: 'From the moment at which the server stamps an event to its receipt, on one clock.',
    headline: 'p99',
    primary: { quantile: 'p99', margin: 0.1 },
  },
  {
    histogram: 'loopDelay',
    name: 'loop-delay',
    label: 'event-loop delay',
    group: 'latency',
    needs: ['interval', 'clock'],
    definition:
      'How late the server’s timers fired: by how much two stamps of a stream are further apart than the interval. Timers count in whole milliseconds, so about one is nothing.',
  },
  {
    histogram: 'coalescing',
    name: 'coalescing',
    label: 'coalescing',
    group: 'latency',
    needs: ['clock'],
    definition:
      'By how much the first event of a read is older than the last, by their stamps: what the server or something on the way adds to its delivery by collecting events. 0 for a read of one event.',
  },
  {
    histogram: 'recovery',
    name: 'recovery',
    only: 'a cut',
    label: 'recovery',
    group: 'latency',
    definition:
      'From the moment at which the server is told to cut all streams until one has events again, and keeps having them; the first comes after one interval. The longest is the time until all are back.',
  },
  {
    histogram: 'reconnectAttempt',
    name: 'reconnect-attempt',
    only: 'a cut',
    label: 'attempt to reconnect',
    group: 'latency',
    definition: 'From that moment to each attempt to come again, also those that fail.',
  },
  {
    histogram: 'stormDelivery',
    name: 'storm-delivery',
    only: 'streams that stay',
    label: 'delivery in the storm',
    group: 'clean-up',
    definition:
      'The delivery of streams that stay, in the two seconds after all the others have left.',
  },
  {
    histogram: 'stormLoopDelay',
    name: 'storm-loop-delay',
    only: 'streams that stay',
    label: 'event-loop delay in the storm',
    group: 'clean-up',
    definition:
      'How late the server’s timers fired then, by the stamps of those that stay and tick each 20 ms: what it takes to let go of the others holds them up.',
  },
  {
    histogram: 'release',
    name: 'release',
    label: 'release',
    group: 'clean-up',
    needs: ['process'],
    definition:
      'All streams leave at once: from the client’s k-th leaving to the k-th timer that the server clears.',
    headline: 'p99',
    primary: { quantile: 'p99', margin: 0.1 },
  },
  {
    histogram: 'quietRelease',
    name: 'quiet-release',
    label: 'quiet release',
    group: 'clean-up',
    needs: ['process'],
    definition:
      'The same for streams on which nothing is sent: only a server that listens for the close is fast here.',
  },
  {
    histogram: 'arrivalLag',
    name: 'arrival-lag',
    label: 'arrival lag',
    group: 'generator',
    definition: 'How much later than planned the generator started its streams.',
  },
  {
    histogram: 'reconnectLag',
    name: 'reconnect-lag',
    only: 'a cut',
    label: 'reconnect lag',
    group: 'generator',
    definition: 'How much later than they meant to the generator let clients come again.',
  },
];

function distributionMetrics({
  histogram,
  name,
  label,
  group,
  definition,
  headline,
  only,
  needs,
  primary,
}: Distribution): Metric[] {
  return Object.entries(quantiles).map(([quantile, share]) => ({
    name: `${name}.${quantile}`,
    label: `${label} ${quantile}`,
    unit: 'ms',
    group,
    definition,
    ...(headline === quantile && { headline: true }),
    ...(only && { only }),
    ...(needs && { needs }),
    ...(primary?.quantile === quantile && { primary: { margin: primary.margin } }),
    of: ({ durations }) => durations[histogram].quantileMs(share),
    quantile: { histogram, share },
  }));
}

/** p50, p90, p99, p99.9 and the maximum of every distribution. */
export const quantileMetrics: readonly Metric[] = distributions.flatMap(distributionMetrics);
