/**
 * Decides whether the figures of a round are valid: all limits in one table, each with its reason.
 * A round beyond a limit says more about the load or the machine than about the server.
 */
import { samplesNeeded } from '../measure/histogram.ts';
import { readingsOf, type Readings } from '../metrics/metric.ts';
import type { Doubt, MeasuredRound } from '../result/run-result.ts';
import { longPauseMs, pauseWords } from '../scenario/scenario.ts';

/** One limit. */
interface Check {
  name: string;
  /** The limit, in words for the docs. */
  limit: string;
  /** Why a round beyond the limit is invalid. */
  reason: string;
  remedy: string;
  /**
   * @returns what was found beyond the limit; `undefined` if the round is within it, or if that is
   * unknown
   */
  finding(readings: Readings): string | undefined;
}

/** Assumed interval if the interval is unknown. */
const usualIntervalMs = 1_000;
const arrivalLagShare = 0.1;
const reconnectLagShare = 0.05;
const busiestLoop = 0.8;
const mostPaused = 0.01;
const mostUnread = 0.005;
const mostGrowth = 0.005;
const fewEvents = 10;
/** With fewer gaps, one or two late events would dominate the sum. */
const enoughGaps = 100;
/** Timers fire at whole milliseconds, and a lag of a few is not a burst. */
const leastArrivalLagMs = 5;
/**
 * `mostWaited` is a share of the time in which there was work. `leastWaited` is a share of the
 * measurement: below it, waiting does no harm.
 */
const mostWaited = 0.2;
const leastWaited = 0.02;
const mostStolen = 0.05;
const spareDescriptors = 10;

const percent = (share: number) => `${Number((100 * share).toFixed(1))} %`;
const above = (share: number | null | undefined, limit: number) =>
  typeof share === 'number' && share > limit;
const worst = (shares: readonly (number | null)[]) =>
  Math.max(...shares.map((share) => share ?? 0));
const failed = ({ failures, failedAttempts }: Readings, ...causes: string[]) =>
  // Failures of helper streams have their purpose after the cause, in brackets.
  [...Object.entries(failures), ...Object.entries(failedAttempts)].reduce(
    (sum, [name, { count }]) =>
      sum + (causes.some((cause) => name === cause || name.startsWith(`${cause} (`)) ? count : 0),
    0,
  );

/**
 * A generator that was less busy than this and never stalled for long has read every event as soon
 * as it arrived.
 */
const restedLoop = 0.5;

/** Where events may have waited, as far as the generators' own figures show. */
function whereTheyWaited({ generators }: Readings): string {
  const busy = worst(generators.map(({ loopUtilization }) => loopUtilization));
  const paused = worst(generators.map(({ pausedShare }) => pausedShare));
  if (busy <= restedLoop && paused <= mostPaused)
    return `in the server or the network, since the generators were at most ${percent(busy)} busy`;
  return `in a generator (up to ${percent(busy)} busy), the server or the network`;
}

/**
 * The mean time between two reads that brought events on a stream. For events larger than a read,
 * the mean time between events.
 */
function betweenReadsNs({ gaps, gapsSumNs, events, reads }: Readings['counts']): number {
  return (gapsSumNs / gaps) * Math.max(1, reads > 0 ? events / reads : 1);
}

const waitedLimit = `at most ${percent(mostWaited)} of its busy time; ignored below ${percent(leastWaited)} of the measurement`;

function waitedTooLong(waitedShare: number | null, cpuShare: number): string | undefined {
  if (waitedShare === null || waitedShare < leastWaited) return undefined;
  const ofItsWork = waitedShare / (waitedShare + cpuShare);
  return ofItsWork > mostWaited
    ? `waited for a core in ${percent(ofItsWork)} of its busy time, over ${percent(mostWaited)}`
    : undefined;
}

export const checks: readonly Check[] = [
  {
    name: 'arrival lag',
    limit: `p99 at most ${percent(arrivalLagShare)} of the interval, or ${leastArrivalLagMs} ms; p90 or p50 with fewer than 1,000 streams`,
    reason:
      'Streams that start late arrive in unplanned bursts, and their timers then fire in bursts.',
    remedy: 'Open fewer streams per second (longer --ramp), or give the load more cores.',
    finding({ durations: { arrivalLag }, intervalMs }) {
      const quantile = [0.99, 0.9, 0.5].find((each) => arrivalLag.count >= samplesNeeded(each));
      const lagMs = quantile === undefined ? undefined : arrivalLag.quantileMs(quantile);
      const limitMs = Math.max(
        leastArrivalLagMs,
        arrivalLagShare * (intervalMs ?? usualIntervalMs),
      );
      if (lagMs === undefined || lagMs <= limitMs) return undefined;
      return `streams started late: p${100 * quantile!} ${lagMs.toFixed(1)} ms, over ${limitMs} ms`;
    },
  },
  {
    name: 'dropped streams',
    limit: 'none',
    reason: 'The load was smaller than planned.',
    remedy: 'Open fewer streams per second (longer --ramp), or give the load more cores.',
    finding({ planned, counts }) {
      const dropped = planned - counts.started;
      return dropped > 0 ? `${dropped} streams were never started` : undefined;
    },
  },
  {
    name: 'reconnect lag',
    limit: `p90 at most ${percent(reconnectLagShare)} of the median time to recovery`,
    reason: 'If the generator reconnects clients late, they recover late.',
    remedy:
      'Let fewer clients reconnect at once (longer --jitter, fewer --streams), or give the load more cores.',
    finding({ durations: { reconnectLag, recovery }, counts: { reconnected } }) {
      if (reconnected === 0) return undefined;
      const [lagMs, recoveryMs] = [reconnectLag.quantileMs(0.9)!, recovery.quantileMs(0.5)!];
      if (lagMs <= reconnectLagShare * recoveryMs) return undefined;
      return `clients reconnected late: p90 ${lagMs.toFixed(1)} ms, over ${percent(reconnectLagShare)} of the median recovery time of ${recoveryMs.toFixed(0)} ms`;
    },
  },
  {
    name: 'generator loop',
    limit: `at most ${percent(busiestLoop)} busy`,
    reason:
      'Above this limit, events wait in the generator for about as long as they took to arrive.',
    remedy:
      'Use fewer events per second (fewer --streams, longer --interval), or give the load more cores.',
    finding({ generators }) {
      const busy = worst(generators.map(({ loopUtilization }) => loopUtilization));
      return busy > busiestLoop
        ? `a generator’s event loop was ${percent(busy)} busy, over ${percent(busiestLoop)}`
        : undefined;
    },
  },
  {
    name: 'generator pause',
    limit: `at most ${percent(mostPaused)} of the measurement, and of ramp and warm-up; counts pauses longer than ${pauseWords}`,
    reason:
      'Events that arrive during a pause are read late. If these are more than 1 % of all events, p99 describes the generator.',
    remedy: 'Stop other programs on this machine, or measure for longer (--duration, --ramp).',
    finding({ generators }) {
      const phases = [
        {
          name: 'ramp and warm-up',
          share: worst(generators.map(({ pausedBeforeShare }) => pausedBeforeShare)),
        },
        {
          name: 'the measurement',
          share: worst(generators.map(({ pausedShare }) => pausedShare)),
        },
      ].filter(({ share }) => share > mostPaused);
      if (phases.length === 0) return undefined;
      return `a generator paused for ${phases.map(({ name, share }) => `${percent(share)} of ${name}`).join(', ')}, over ${percent(mostPaused)}`;
    },
  },
  {
    name: 'conserved events',
    limit: `stamps advance as fast as receipts, to within ${percent(mostGrowth)} and to within one read of each stream`,
    reason:
      'Events wait on the way, and their queue grows or shrinks. Latency then depends on the time of the measurement.',
    remedy:
      'Use fewer events per second (fewer --streams, longer --interval), or a longer --warmup.',
    finding(readings) {
      const { counts } = readings;
      const { gaps, stampAdvanceNs, receiptAdvanceNs, comparedStreams } = counts;
      if (gaps < enoughGaps || receiptAdvanceNs === 0) return undefined;
      const queuedNs = receiptAdvanceNs - stampAdvanceNs;
      // The age of batched events varies by up to one batch, depending only on the moment of
      // observation.
      if (
        Math.abs(queuedNs) <=
        Math.max(mostGrowth * receiptAdvanceNs, comparedStreams * betweenReadsNs(counts))
      )
        return undefined;
      const advanced = (stampAdvanceNs / receiptAdvanceNs).toFixed(3);
      return `a queue of events ${queuedNs > 0 ? 'grows' : 'shrinks'} ${whereTheyWaited(readings)}: stamps advanced by ${advanced} s per second`;
    },
  },
  {
    name: 'unread events',
    limit: `at most ${percent(mostUnread)} of the events stamped during the measurement; checked if a generator noticed its end late by more than ${pauseWords}`,
    reason:
      'Some events had arrived but were not read when the measurement ended. Their latency is in no metric.',
    remedy:
      'Use fewer events per second (fewer --streams, longer --interval), or give the load more cores.',
    finding({ counts: { sent, unread }, generators, intervalMs }) {
      const lateMs = worst(generators.map(({ lateAtEndMs }) => lateAtEndMs));
      if (unread < fewEvents || unread <= mostUnread * sent || lateMs <= longPauseMs(intervalMs))
        return undefined;
      return `${unread} of ${sent} events sent during the measurement were unread at its end, which a generator noticed ${lateMs.toFixed(0)} ms late`;
    },
  },
  {
    name: 'one clock',
    limit: 'no event arrives before it was sent',
    reason: 'The stamps come from another clock. Delivery would be the difference of the clocks.',
    remedy: 'Run the server on the same kernel as ssebench, or without stamps in its events.',
    finding({ counts: { stampedAhead } }) {
      return stampedAhead > 0
        ? `${stampedAhead} events arrived before the time in their stamp`
        : undefined;
    },
  },
  {
    name: 'listen queue',
    limit: 'no overflow, unless clients reconnect after a cut',
    reason: 'A refused connection tries again after 1 s, which looks like a slow server.',
    remedy:
      'Open fewer streams per second (longer --ramp), or give the server a longer listen backlog.',
    finding({ machine: { listenOverflows }, counts: { cut } }) {
      // After a cut, a refused reconnect is real behaviour of the server, and one of its figures.
      return cut === 0 && above(listenOverflows, 0)
        ? `a listen queue of this machine overflowed ${listenOverflows} times`
        : undefined;
    },
  },
  {
    name: 'descriptors',
    limit: 'none missing, in generators and server',
    reason: 'A limit of the operating system refused streams, not the server.',
    remedy: 'Raise the limit (ulimit -n), or use fewer --streams.',
    finding(readings) {
      const lacking = failed(readings, 'out of file descriptors');
      if (lacking > 0) return `the load ran out of file descriptors for ${lacking} streams`;
      // A Node server without free descriptors accepts a connection and closes it without an error.
      const { open, limit } = readings.process?.descriptors ?? { open: 0, limit: null };
      const refused = failed(readings, 'closed before headers', 'connection reset');
      if (limit === null || refused === 0 || open < limit - spareDescriptors) return undefined;
      return `the server had ${open} of ${limit} file descriptors open, and closed ${refused} streams without a response`;
    },
  },
  {
    name: 'ports',
    limit: 'none missing',
    reason: 'A limit of the operating system refused streams, not the server.',
    remedy: 'Widen net.ipv4.ip_local_port_range, or use fewer --streams.',
    finding(readings) {
      const lacking = failed(readings, 'out of ports');
      return lacking > 0 ? `the load ran out of ports for ${lacking} streams` : undefined;
    },
  },
  {
    name: 'stolen time',
    limit: `at most ${percent(mostStolen)} of the time of all cores`,
    reason: 'The host of this virtual machine stopped its cores at arbitrary moments.',
    remedy: 'Repeat the run when the host is less busy.',
    finding({ machine: { stolenShare } }) {
      return above(stolenShare, mostStolen)
        ? `the host withheld ${percent(stolenShare!)} of the CPU time, over ${percent(mostStolen)}`
        : undefined;
    },
  },
  {
    name: 'generator waiting for a core',
    limit: waitedLimit,
    reason: 'Another process used the generator’s core, so events waited.',
    remedy:
      'Stop other programs on this machine, and give ssebench at least two cores. Run the server of a URL on other cores than the load.',
    finding: ({ generators, durationMs }) =>
      generators
        .map(({ waitedShare, cpuNs }) => waitedTooLong(waitedShare, cpuNs / 1e6 / durationMs))
        .filter((waited) => waited !== undefined)
        .map((waited) => `a generator ${waited}`)[0],
  },
  {
    name: 'server waiting for a core',
    limit: waitedLimit,
    reason: 'Another process used the server’s core, so its latency includes the wait.',
    remedy: 'Stop other programs on this machine, or give ssebench at least two cores.',
    finding({ process }) {
      const waited =
        process && waitedTooLong(process.waitedShare, process.cpuNs / 1e6 / process.cpuOverMs);
      return waited ? `the server ${waited}` : undefined;
    },
  },
];

/** @returns every limit that a round is beyond; an empty list if its figures are valid */
export function doubtsOf(round: Omit<MeasuredRound, 'doubts'>): Doubt[] {
  const readings = readingsOf({ ...round, doubts: [] });
  return checks.flatMap(({ name, remedy, finding }) => {
    const found = finding(readings);
    return found === undefined ? [] : [{ check: name, finding: found, remedy }];
  });
}
