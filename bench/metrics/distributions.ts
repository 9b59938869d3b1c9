/** Metrics of durations: one row for each histogram, with a metric for each of its quantiles. */
import type { HistogramName } from '../result/histogram-names.ts';
import { answerDistributions } from './answer-distributions.ts';
import type { Metric, Primary, SamplesGrowWith } from './metric.ts';

const quantiles = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99, 'p99.9': 0.999, max: 1 } as const;
type QuantileName = keyof typeof quantiles;

export interface Distribution {
  histogram: HistogramName;
  name: string;
  label: string;
  group: Metric['group'];
  samplesGrowWith: SamplesGrowWith;
  definition: string;
  headline?: QuantileName;
  /** The kind of load that has this distribution, if not every load has it. */
  only?: NonNullable<Metric['only']>;
  needs?: NonNullable<Metric['needs']>;
  /** The quantile that decides comparisons, and how. */
  primary?: { quantile: QuantileName } & Primary;
}

const rows = [
  {
    histogram: 'timeToHeaders',
    name: 'headers',
    label: 'headers',
    group: 'latency',
    samplesGrowWith: 'streams',
    definition: 'Time from the scheduled start of a stream to its response headers.',
    primary: { quantile: 'p50', margin: 0.1, floor: 0.5, fromOutside: true },
  },
  {
    histogram: 'timeToHeadersUncorrected',
    name: 'headers-uncorrected',
    label: 'headers, uncorrected',
    group: 'latency',
    samplesGrowWith: 'streams',
    definition: 'The same from the real start, so without delays of the generator.',
  },
  {
    histogram: 'timeToFirstByte',
    name: 'first-byte',
    label: 'first byte',
    group: 'latency',
    samplesGrowWith: 'streams',
    definition:
      'Time from the scheduled start to the first byte of the body: a comment or an event.',
  },
  {
    histogram: 'timeToFirstEvent',
    name: 'ttfe',
    label: 'TTFE',
    group: 'latency',
    samplesGrowWith: 'streams',
    definition:
      'Time to first event, from the scheduled start of the stream. It includes one interval.',
    headline: 'p99',
    primary: { quantile: 'p50', margin: 0.1, floor: 0.5, fromOutside: true },
  },
  {
    histogram: 'timeToFirstEventUncorrected',
    name: 'ttfe-uncorrected',
    label: 'TTFE, uncorrected',
    group: 'latency',
    samplesGrowWith: 'streams',
    definition: 'The same from the real start of the stream.',
  },
  {
    histogram: 'eventGap',
    name: 'gap',
    label: 'event gap',
    group: 'latency',
    samplesGrowWith: 'duration',
    definition: 'Time between two events of one stream. Minus the interval, it is the jitter.',
    primary: { quantile: 'p95', margin: 0.1, floor: 0.5, fromOutside: true },
  },
  {
    histogram: 'scheduleLag',
    name: 'lag',
    label: 'schedule lag',
    group: 'latency',
    samplesGrowWith: 'duration',
    needs: ['interval'],
    definition:
      'How late an event arrived by the schedule of its own stream, without the drift of the server’s timer.',
  },
  {
    histogram: 'delivery',
    name: 'delivery',
    label: 'delivery',
    group: 'latency',
    samplesGrowWith: 'duration',
    needs: ['clock'],
    definition:
      'Time from the server’s timestamp in an event to receipt by the client, on one clock.',
    headline: 'p99',
    primary: { quantile: 'p99', margin: 0.1 },
  },
  {
    histogram: 'loopDelay',
    name: 'loop-delay',
    label: 'event-loop delay',
    group: 'latency',
    samplesGrowWith: 'duration',
    needs: ['interval', 'clock'],
    definition:
      'How late the server’s timers fired: the time between two stamps of a stream minus the interval. Timers count in whole milliseconds, so a delay of about 1 ms means nothing.',
  },
  {
    histogram: 'coalescing',
    name: 'coalescing',
    label: 'coalescing',
    group: 'latency',
    samplesGrowWith: 'duration',
    needs: ['clock'],
    definition:
      'How much older the first event of a read is than the last, by their stamps. The server or a proxy adds this delay by collecting events. 0 for a read of one event.',
  },
  {
    histogram: 'fanOut',
    name: 'fan-out',
    label: 'fan-out',
    group: 'latency',
    samplesGrowWith: 'duration',
    needs: ['feed'],
    definition:
      'Time from the first to the last stream that received the same number of a feed, over all generators. A stream does not count in its first 200 ms.',
  },
  ...answerDistributions,
  {
    histogram: 'lifetime',
    name: 'lifetime',
    label: 'lifetime',
    group: 'latency',
    samplesGrowWith: 'streams',
    definition:
      'Time from the response headers of a stream until the server, or something on the way, ended or cut it. Streams that are open at the end of the run are not included.',
  },
  {
    histogram: 'outage',
    name: 'outage',
    only: 'clients that reconnect',
    label: 'outage',
    group: 'latency',
    samplesGrowWith: 'streams',
    definition:
      'Time from the end of a stream until its client receives events again after a reconnect. It includes the wait before the reconnect, and one interval.',
  },
  {
    histogram: 'recovery',
    name: 'recovery',
    only: 'a cut',
    label: 'recovery',
    group: 'latency',
    samplesGrowWith: 'streams',
    definition:
      'Time from the request to cut all streams until a stream receives events again and continues to. It includes one interval. The maximum is the time until all streams have recovered.',
  },
  {
    histogram: 'reconnectAttempt',
    name: 'reconnect-attempt',
    only: 'a cut',
    label: 'attempt to reconnect',
    group: 'latency',
    samplesGrowWith: 'streams',
    definition: 'Time from that request to each attempt to reconnect. Failed attempts count too.',
  },
  {
    histogram: 'stormDelivery',
    name: 'storm-delivery',
    only: 'remaining streams',
    label: 'delivery in the storm',
    group: 'clean-up',
    samplesGrowWith: 'rounds',
    needs: ['clock'],
    definition:
      'Delivery to the remaining streams, in the 2 s after all other streams disconnected.',
  },
  {
    histogram: 'stormLoopDelay',
    name: 'storm-loop-delay',
    only: 'remaining streams',
    label: 'event-loop delay in the storm',
    group: 'clean-up',
    samplesGrowWith: 'rounds',
    needs: ['interval', 'clock'],
    definition:
      'How late the server’s timers fired in those 2 s, by the stamps of the remaining streams, which tick every 20 ms. Releasing the other streams delays them.',
  },
  {
    histogram: 'stormGap',
    name: 'storm-gap',
    only: 'remaining streams',
    label: 'event gap in the storm',
    group: 'clean-up',
    samplesGrowWith: 'rounds',
    definition:
      'Time between two events of a remaining stream, if the second arrived in those 2 s. A stream without an event in them counts with its silence, and so does one whose silence at the end is longer than any gap.',
  },
  {
    histogram: 'release',
    name: 'release',
    label: 'release',
    group: 'clean-up',
    samplesGrowWith: 'streams',
    needs: ['process'],
    definition:
      'How long the server takes to clean up. All streams disconnect at once: time from the k-th disconnect to the k-th timer that the server clears.',
    headline: 'p99',
    primary: { quantile: 'p99', margin: 0.1 },
  },
  {
    histogram: 'quietRelease',
    name: 'quiet-release',
    label: 'quiet release',
    group: 'clean-up',
    samplesGrowWith: 'rounds',
    needs: ['process'],
    definition:
      'The same for streams on which the server sends nothing. Only a server that listens for the close is fast here.',
  },
  {
    histogram: 'arrivalLag',
    name: 'arrival-lag',
    label: 'arrival lag',
    group: 'generator',
    samplesGrowWith: 'streams',
    definition: 'How much later than planned the generator started its streams.',
  },
  {
    histogram: 'reconnectLag',
    name: 'reconnect-lag',
    only: 'clients that reconnect',
    label: 'reconnect lag',
    group: 'generator',
    samplesGrowWith: 'streams',
    definition: 'How much later than planned the generator reconnected its clients.',
  },
] as const satisfies readonly Distribution[];

export const distributions: readonly Distribution[] = rows;
/** The names of `quantileMetrics`, such as `delivery.p99`. */
export type QuantileMetric = `${(typeof rows)[number]['name']}.${QuantileName}`;

function withoutQuantile(primary: NonNullable<Distribution['primary']>): Primary {
  const { quantile: _, ...others } = primary;
  return others;
}

function distributionMetrics({
  histogram,
  name,
  label,
  group,
  samplesGrowWith,
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
    ...(primary?.quantile === quantile && { primary: withoutQuantile(primary) }),
    of: ({ durations }) => durations[histogram].quantileMs(share),
    quantile: { histogram, share, samplesGrowWith },
  }));
}

/** p50, p90, p95, p99, p99.9 and the maximum of every distribution. */
export const quantileMetrics: readonly Metric[] = distributions.flatMap(distributionMetrics);
