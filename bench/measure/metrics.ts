/** The metrics: one table, from which reports, README and help take their words. */
import type { HistogramName, MeasuredRound } from '../result.ts';
import { decodeDurations, type Durations } from './histogram.ts';

/** A number; too few samples for one; or nothing, where it cannot be had from this server. */
export type Figure = number | 'too few' | undefined;

/** A KB is 1,024 bytes. */
export type Unit = 'ms' | 'µs' | 'KB' | 'KB/s' | 'MB' | '/s' | '%' | '';

export const metricGroups = ['latency', 'throughput', 'cost', 'clean-up', 'audit', 'generator'] as const;

export interface Metric {
  /** Stays the same from version to version: scripts and thresholds refer to it. */
  name: string;
  /** A column's title. */
  label: string;
  unit: Unit;
  group: (typeof metricGroups)[number];
  /** What it means, in one or two sentences. */
  definition: string;
  /** Shown in the short table. */
  headline?: true;
  of(readings: Readings): Figure;
}

/** A round with its histograms decoded. */
export interface Readings extends MeasuredRound {
  durations: Record<HistogramName, Durations>;
}

export function readingsOf(round: MeasuredRound): Readings {
  const durations = Object.fromEntries(
    Object.entries(round.histograms).map(([name, encoded]) => [name, decodeDurations([encoded])]),
  ) as Record<HistogramName, Durations>;
  return { ...round, durations };
}

const quantiles = { p50: 0.5, p90: 0.9, p99: 0.99, 'p99.9': 0.999, max: 1 } as const;
type QuantileName = keyof typeof quantiles;

interface Distribution {
  histogram: HistogramName;
  name: string;
  label: string;
  group: Metric['group'];
  definition: string;
  headline?: QuantileName;
}

const distributions: readonly Distribution[] = [
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
    definition: 'The same from the real start: without the time that the stream waited for the generator.',
  },
  {
    histogram: 'timeToFirstEvent',
    name: 'ttfe',
    label: 'TTFE',
    group: 'latency',
    definition: 'From the intended start of a stream to its first event; the first comes after one interval.',
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
    definition: 'How much later an event came than the least late of the latest ones had promised, drift taken off.',
  },
  {
    histogram: 'delivery',
    name: 'delivery',
    label: 'delivery',
    group: 'latency',
    definition: 'From the moment at which the server stamps an event to its receipt, on one clock.',
    headline: 'p99',
  },
  {
    histogram: 'release',
    name: 'release',
    label: 'release',
    group: 'clean-up',
    definition: 'All streams leave at once: from the client’s k-th leaving to the k-th timer that the server clears.',
    headline: 'p99',
  },
  {
    histogram: 'quietRelease',
    name: 'quiet-release',
    label: 'quiet release',
    group: 'clean-up',
    definition: 'The same for streams on which nothing is sent: only a server that listens for the close is fast here.',
  },
  {
    histogram: 'arrivalLag',
    name: 'arrival-lag',
    label: 'arrival lag',
    group: 'generator',
    definition: 'How much later than planned the generator started its streams.',
  },
];

function distributionMetrics({ histogram, name, label, group, definition, headline }: Distribution): Metric[] {
  return Object.entries(quantiles).map(([quantile, share]) => ({
    name: `${name}.${quantile}`,
    label: `${label} ${quantile}`,
    unit: 'ms',
    group,
    definition,
    ...(headline === quantile && { headline: true }),
    of: ({ durations }) => durations[histogram].quantileMs(share) ?? (durations[histogram].count > 0 ? 'too few' : undefined),
  }));
}

const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0);
const perSecond = (amount: number, { durationMs }: Readings) => amount / (durationMs / 1000);

function cpuUsPerEvent({ process, counts, durationMs }: Readings): number | undefined {
  if (!process || counts.events === 0) return undefined;
  return process.cpuNs / process.cpuOverMs / (counts.events / durationMs) / 1000;
}

type ProcessFigures = NonNullable<Readings['process']>;

/** What came with the streams, for each of them. */
function kbPerStream(bytes: (process: ProcessFigures) => number): Metric['of'] {
  return ({ process, planned, quietPlanned }) => process ? bytes(process) / 1024 / (planned + quietPlanned) : undefined;
}

const singleMetrics: readonly Metric[] = [
  {
    name: 'events',
    label: 'events',
    unit: '/s',
    group: 'throughput',
    definition: 'Events received by all streams. At a given pace it is alike for all servers that keep up.',
    of: (readings) => perSecond(readings.counts.events, readings),
  },
  {
    name: 'achieved',
    label: 'achieved',
    unit: '%',
    group: 'throughput',
    definition: 'Events received, of those that all planned streams would bring at the interval asked for.',
    of: ({ counts, planned, durationMs, intervalMs }) =>
      intervalMs === null ? undefined : (100 * counts.events) / (planned * (durationMs / intervalMs)),
  },
  {
    name: 'drift',
    label: 'drift',
    unit: '%',
    group: 'throughput',
    definition: 'How much longer the mean gap is than the interval: what the server’s timer loses.',
    of({ counts, intervalMs }) {
      if (counts.gaps === 0 || intervalMs === null) return undefined;
      return 100 * (counts.gapsSumNs / counts.gaps / 1e6 / intervalMs - 1);
    },
  },
  {
    name: 'bytes',
    label: 'body bytes',
    unit: 'KB/s',
    group: 'throughput',
    definition: 'Bytes of response bodies, without the framing of chunks.',
    of: (readings) => perSecond(readings.counts.bodyBytes, readings) / 1024,
  },
  {
    name: 'events-per-read',
    label: 'events per read',
    unit: '',
    group: 'throughput',
    definition: 'How many events a read of a socket brings; above 1, events travel together.',
    of: ({ counts }) => (counts.reads > 0 ? counts.events / counts.reads : undefined),
  },
  {
    name: 'cpu',
    label: 'CPU per event',
    unit: 'µs',
    group: 'cost',
    definition: 'CPU time of the server, all threads, user and system, for each event that was received.',
    headline: true,
    of: cpuUsPerEvent,
  },
  {
    name: 'events-per-core',
    label: 'events per core',
    unit: '/s',
    group: 'cost',
    definition: 'A second of one core by the CPU time per event: what the server could send at most.',
    of(readings) {
      const us = cpuUsPerEvent(readings);
      return us && 1e6 / us;
    },
  },
  {
    name: 'memory',
    label: 'memory per stream',
    unit: 'KB',
    group: 'cost',
    definition: 'Heap and external memory after a collection, with all streams open, less that before them.',
    headline: true,
    of: kbPerStream(({ loaded, before }) => loaded.heapBytes - before.heapBytes),
  },
  {
    name: 'rss',
    label: 'RSS per stream',
    unit: 'KB',
    group: 'cost',
    definition: 'Resident memory as the system sees it, with garbage and reserves, less that before the streams.',
    of: kbPerStream(({ loadedRssBytes, before }) => loadedRssBytes - before.rssBytes),
  },
  {
    name: 'held-timers',
    label: 'timers held',
    unit: '',
    group: 'clean-up',
    definition: 'Timers of streams that the server has not cleared two seconds after all streams left.',
    headline: true,
    of: ({ process }) => process?.held.timers,
  },
  {
    name: 'held-sockets',
    label: 'sockets held',
    unit: '',
    group: 'clean-up',
    definition: 'Sockets of streams that the server has not closed by then.',
    of: ({ process }) => process?.held.sockets,
  },
  {
    name: 'opened',
    label: 'opened',
    unit: '',
    group: 'audit',
    definition: 'Streams whose response began, of those that are measured (not the quiet ones).',
    of: ({ counts }) => counts.opened,
  },
  {
    name: 'failed',
    label: 'failed',
    unit: '',
    group: 'audit',
    definition: 'Streams that could not be opened or broke, each under its cause further down.',
    headline: true,
    of: ({ failures }) => sum(Object.values(failures).map(({ count }) => count)),
  },
  {
    name: 'dropped',
    label: 'dropped',
    unit: '',
    group: 'audit',
    definition: 'Streams that were planned and never started.',
    of: ({ planned, counts }) => planned - counts.started,
  },
  {
    name: 'ended',
    label: 'ended',
    unit: '',
    group: 'audit',
    definition: 'Streams that the server ended.',
    of: ({ counts }) => counts.ended,
  },
  {
    name: 'missing',
    label: 'missing',
    unit: '',
    group: 'audit',
    definition: 'Numbers of the counter that never came, though higher ones did.',
    headline: true,
    of: audited(({ missing }) => missing),
  },
  {
    name: 'duplicate',
    label: 'duplicate',
    unit: '',
    group: 'audit',
    definition: 'Numbers of the counter that came again.',
    of: audited(({ duplicate }) => duplicate),
  },
  {
    name: 'out-of-order',
    label: 'out of order',
    unit: '',
    group: 'audit',
    definition: 'Numbers of the counter that came after a higher one.',
    of: audited(({ outOfOrder }) => outOfOrder),
  },
  {
    name: 'generator-loop',
    label: 'generator loop',
    unit: '%',
    group: 'generator',
    definition: 'How busy the event loop of the busiest generator was; near 100, it was what limited the run.',
    of: ({ generators }) => 100 * Math.max(...generators.map(({ loopUtilization }) => loopUtilization)),
  },
  {
    name: 'generator-delay',
    label: 'generator delay',
    unit: 'ms',
    group: 'generator',
    definition: 'The longest that a generator’s event loop kept a timer waiting.',
    of: ({ generators }) => Math.max(...generators.map(({ loopDelayMaxMs }) => loopDelayMaxMs)),
  },
  {
    name: 'generator-cpu',
    label: 'generator CPU',
    unit: 'µs',
    group: 'generator',
    definition: 'CPU time of all generators for each event.',
    of: ({ generators, counts }) =>
      counts.events > 0 ? sum(generators.map(({ cpuNs }) => cpuNs)) / counts.events / 1000 : undefined,
  },
  {
    name: 'generator-rss',
    label: 'generator RSS',
    unit: 'MB',
    group: 'generator',
    definition: 'Resident memory of all generators with all streams open.',
    of: ({ generators }) => sum(generators.map(({ rssBytes }) => rssBytes)) / 2 ** 20,
  },
  {
    name: 'stolen',
    label: 'stolen',
    unit: '%',
    group: 'generator',
    definition: 'Share of the time in which a virtual machine’s host had no core for it: what no care can mend.',
    of: ({ stolenShare }) => (stolenShare === null ? undefined : 100 * stolenShare),
  },
];

/** Only where every event carried a number can anything be said of their sequence. */
function audited(finding: (counts: Readings['counts']) => number): Metric['of'] {
  return ({ counts }) => (counts.eventsInAll > 0 && counts.uncounted === 0 ? finding(counts) : undefined);
}

/** All metrics, in the order in which reports show them. */
export const metrics: readonly Metric[] = [...distributions.flatMap(distributionMetrics), ...singleMetrics];
