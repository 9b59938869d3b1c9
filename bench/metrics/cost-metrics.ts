/** Metrics of what the load costs the server, and of what the server retains at the end. */
import { evictionsIn } from './evictions.ts';
import { growthBytesPerSecond } from './growth.ts';
import type { Metric, Readings } from './metric.ts';

function cpuUsPerEvent({ process, counts, durationMs }: Readings): number | undefined {
  if (!process || counts.events === 0) return undefined;
  return (
    process.cpuNs /
    process.cpuOverMs /
    ((counts.events + counts.remainingStreamEvents) / durationMs) /
    1000
  );
}

type ProcessFigures = NonNullable<Readings['process']>;

/** The memory that the streams added, for each open stream. */
function kbPerStream(bytesOf: (process: ProcessFigures) => number | undefined): Metric['of'] {
  return ({ process, openAtEnd }) => {
    const bytes = process && openAtEnd > 0 ? bytesOf(process) : undefined;
    return bytes === undefined ? undefined : bytes / 1024 / openAtEnd;
  };
}

/**
 * Slow readers that the server closed. `undefined` if other streams ended too, since closed
 * descriptors do not show whose they were.
 */
function evictionsOf({
  timeline,
  counts: { slowOpened, ended, lost },
  failures,
  plannedStreamMs,
}: Readings) {
  return slowOpened > 0 &&
    plannedStreamMs === null &&
    ended + lost === 0 &&
    Object.keys(failures).length === 0
    ? evictionsIn(timeline)
    : undefined;
}

const rows = [
  {
    name: 'cpu',
    label: 'CPU per event',
    unit: 'µs',
    group: 'cost',
    needs: ['process'],
    definition:
      'CPU time of the server (all threads, user and system), divided by the events received.',
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
    needs: ['process'],
    definition:
      'CPU time of the server per 1,048,576 bytes of body. With large events, this describes the server better than CPU per event.',
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
    needs: ['process'],
    definition:
      'One second of one core, divided by the CPU time per event. Compare it only at the same load, because a less busy server spends more on each event.',
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
    needs: ['process'],
    definition:
      'Heap and external memory after a garbage collection, with all streams open, minus the value before the streams.',
    headline: true,
    primary: { margin: 0.03, floor: 1 },
    of: kbPerStream(({ loaded, before }) =>
      loaded.heapBytes === null || before.heapBytes === null
        ? undefined
        : loaded.heapBytes - before.heapBytes,
    ),
  },
  {
    name: 'rss',
    label: 'RSS per stream',
    unit: 'KB',
    group: 'cost',
    needs: ['process'],
    definition:
      'Resident memory as the operating system reports it, with garbage and reserves, minus the value before the streams.',
    of: kbPerStream(({ loadedRssBytes, before }) => loadedRssBytes - before.rssBytes),
  },
  {
    name: 'slow-growth',
    label: 'growth per slow reader',
    unit: 'KB/s',
    group: 'cost',
    needsLinux: true,
    needs: ['process'],
    only: 'slow readers',
    definition:
      'How fast the server’s resident memory grew during the measurement, per open slow reader: the slope of a straight line (least squares). Buffers of the operating system fill first and are not included. Needs Linux.',
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
    needsLinux: true,
    only: 'slow readers',
    definition:
      'Slow readers whose connection the server closed before the measurement ended. The operating system reports them, because the clients do not notice. For a URL on another machine, only closed connections that it could report to the client count. Needs Linux.',
    of(readings) {
      const closed = evictionsOf(readings)?.closed;
      return closed && Math.min(closed, readings.counts.slowOpened);
    },
  },
  {
    name: 'evicted-after',
    label: 'evicted after',
    unit: 'ms',
    group: 'cost',
    needsLinux: true,
    only: 'slow readers',
    definition:
      'Time from the end of the ramp until the server had closed half of those connections, with a resolution of 0.5 s. Needs Linux.',
    of: (readings) => evictionsOf(readings)?.afterMs ?? undefined,
  },
  {
    name: 'held-timers',
    label: 'timers held',
    unit: '',
    group: 'clean-up',
    needs: ['process'],
    definition:
      'Timers of streams that the server has not cleared 3 s after all streams disconnected.',
    headline: true,
    of: ({ process }) => process?.held.timers ?? undefined,
  },
  {
    name: 'held-sockets',
    label: 'sockets held',
    unit: '',
    group: 'clean-up',
    needs: ['process'],
    definition:
      'Sockets of streams that the server has not closed 3 s after all streams disconnected.',
    of: ({ process }) => process?.held.sockets ?? undefined,
  },
] as const satisfies readonly Metric[];

export const costMetrics: readonly Metric[] = rows;
export type CostMetric = (typeof rows)[number]['name'];
