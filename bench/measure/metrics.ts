/** The metrics: one table, from which reports, README and help take their words. */
import { quantileMetrics } from './distributions.ts';
import type { Metric, Readings } from './metric.ts';

const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0);
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
export const metrics: readonly Metric[] = [...quantileMetrics, ...singleMetrics];
