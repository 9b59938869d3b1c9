/** The metrics: one table, from which reports, README and help take their words. */
import { quantileMetrics } from './distributions.ts';
import { generatorMetrics } from './generator-metrics.ts';
import { evictionsIn } from './evictions.ts';
import { growthBytesPerSecond } from './growth.ts';
import { sum, type Metric, type Readings } from './metric.ts';

const perSecond = (amount: number, { durationMs }: Readings) => amount / (durationMs / 1000);

function cpuUsPerEvent({ process, counts, durationMs }: Readings): number | undefined {
  if (!process || counts.events === 0) return undefined;
  return process.cpuNs / process.cpuOverMs / (counts.events / durationMs) / 1000;
}

type ProcessFigures = NonNullable<Readings['process']>;

/** What came with the streams, for each of them. */
function kbPerStream(bytes: (process: ProcessFigures) => number): Metric['of'] {
  return ({ process, openAtEnd }) => (process && openAtEnd > 0 ? bytes(process) / 1024 / openAtEnd : undefined);
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
    of: ({ counts, planned, plannedStreamMs, durationMs, intervalMs }) =>
      intervalMs === null ? undefined : (100 * counts.events) / ((plannedStreamMs ?? planned * durationMs) / intervalMs),
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
    name: 'fairness',
    label: 'fairness',
    unit: '%',
    group: 'throughput',
    // Jain, Chiu and Hawe, A Quantitative Measure of Fairness, DEC-TR-301, 1984: (Σx)² / (n Σx²).
    definition: 'Jain’s index of the events that the streams got: 100 % where all got as many, and one n-th of that where one of n got them all.',
    of: ({ counts: { events, eventsSquared, opened }, plannedStreamMs }) =>
      eventsSquared > 0 && plannedStreamMs === null ? (100 * events ** 2) / (opened * eventsSquared) : undefined,
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
    definition:
      'Events for each read of a socket that brought any of a body. Above 1, something on the way collects events; below 1, it cuts them.',
    of: ({ counts: { events, reads } }) => (reads > 0 ? events / reads : undefined),
  },
  {
    name: 'cpu',
    label: 'CPU per event',
    unit: 'µs',
    group: 'cost',
    definition: 'CPU time of the server, all threads, user and system, for each event that was received.',
    headline: true,
    primary: { margin: 0.03 },
    disturbedUpwards: true,
    of: cpuUsPerEvent,
  },
  {
    name: 'cpu-per-mb',
    label: 'CPU per MB',
    unit: 'ms',
    group: 'cost',
    definition: 'CPU time of the server for each 1,048,576 bytes of body: with large events it is this that tells of a server.',
    of({ process, counts: { bodyBytes }, durationMs }) {
      if (!process || bodyBytes === 0) return undefined;
      return process.cpuNs / 1e6 / process.cpuOverMs / (bodyBytes / 2 ** 20 / durationMs);
    },
  },
  {
    name: 'events-per-core',
    label: 'events per core',
    unit: '/s',
    group: 'cost',
    definition: 'A second of one core by the CPU time per event. An idler server spends more on each, so only compare at the same load.',
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
    primary: { margin: 0.03 },
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
    name: 'slow-growth',
    label: 'growth per slow reader',
    unit: 'KB/s',
    group: 'cost',
    definition:
      'How fast the server’s resident memory grew in the measuring, for each slow reader that was open: by the straight line through it (least squares). Buffers of the system are not in it; they fill first.',
    of({ timeline, counts: { slowOpened } }) {
      const growth = growthBytesPerSecond(timeline, 'measure');
      return growth !== undefined && slowOpened > 0 ? growth / 1024 / slowOpened : undefined;
    },
  },
  {
    name: 'evicted',
    label: 'slow readers evicted',
    unit: '',
    group: 'cost',
    definition: 'Slow readers whose connection the server had closed by the end of the measuring, as the system sees it: they themselves do not hear of it.',
    of({ timeline, counts: { slowOpened } }) {
      const closed = slowOpened > 0 ? evictionsIn(timeline)?.closed : undefined;
      return closed && Math.min(closed, slowOpened);
    },
  },
  {
    name: 'evicted-after',
    label: 'evicted after',
    unit: 'ms',
    group: 'cost',
    definition: 'From the end of the ramp until the server had closed half of those: to half a second.',
    of: ({ timeline, counts: { slowOpened } }) => (slowOpened > 0 ? (evictionsIn(timeline)?.afterMs ?? undefined) : undefined),
  },
  {
    name: 'held-timers',
    label: 'timers held',
    unit: '',
    group: 'clean-up',
    definition: 'Timers of streams that the server has not cleared three seconds after all streams left.',
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
    definition: 'Streams, quiet ones too, that could not be opened, broke or fell silent; their causes are listed.',
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
    name: 'flawed',
    label: 'flawed streams',
    unit: '',
    group: 'audit',
    definition: 'Streams in which numbers are missing, came again or came out of order.',
    of: audited(({ flawedStreams }) => flawedStreams),
  },
  {
    name: 'not-utf8',
    label: 'not UTF-8',
    unit: '',
    group: 'audit',
    definition: 'Events with bytes that are not UTF-8, or with the character that stands for such bytes.',
    of: ({ oddities }) => oddities['not UTF-8']?.count ?? 0,
  },
];

/** Only where every event carried a number can anything be said of their sequence. */
function audited(finding: (counts: Readings['counts']) => number): Metric['of'] {
  return ({ counts }) => (counts.eventsInAll > 0 && counts.uncounted === 0 ? finding(counts) : undefined);
}

/** All metrics, in the order in which reports show them. */
export const metrics: readonly Metric[] = [...quantileMetrics, ...singleMetrics, ...generatorMetrics];

/** The few by which servers are judged. */
export const primaryMetrics = metrics.filter(({ primary }) => primary);

/** The names of a distribution's quantiles in one: `delivery.{p50,p90,p99,p99.9,max}`. */
export function familyName(same: readonly Pick<Metric, 'name'>[]): string {
  const [first, ...others] = same.map(({ name }) => name);
  if (others.length === 0) return first!;
  const dot = first!.indexOf('.');
  return `${first!.slice(0, dot)}.{${[first!, ...others].map((name) => name.slice(dot + 1)).join(',')}}`;
}
