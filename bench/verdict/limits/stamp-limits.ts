/** Limits on what the stamps of events show: queues, unread events, and another clock. */
import type { Readings } from '../../metrics/metric.ts';
import { longPauseMs, pauseWords } from '../../scenario/scenario.ts';
import { percent, worst, type Check } from './check.ts';
import { mostPaused } from './generator-limits.ts';

const mostUnread = 0.005;
const mostGrowth = 0.005;
const fewEvents = 10;
/** NTP slows both clocks alike, so any difference is a step. Reading them costs a few µs. */
const mostStepMs = 2;
/** With fewer gaps, one or two late events would dominate the sum. */
const enoughGaps = 100;

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

export const stampLimits: readonly Check[] = [
  {
    name: 'conserved events',
    limit: `stamps advance as fast as receipts, to within ${percent(mostGrowth)} and to within one read of each stream`,
    reason:
      'Events wait on the way, and their queue grows or shrinks. Latency then depends on the time of the measurement.',
    remedy:
      'Use fewer events per second (fewer --streams, longer --interval), or a longer --warmup.',
    finding(readings) {
      const { counts, eventData } = readings;
      const { gaps, stampAdvanceNs, receiptAdvanceNs, comparedStreams } = counts;
      if (gaps < enoughGaps || receiptAdvanceNs === 0) return undefined;
      const queuedNs = receiptAdvanceNs - stampAdvanceNs;
      // The age of batched events varies by up to one batch, depending only on the moment of
      // observation.
      if (
        Math.abs(queuedNs) <=
        Math.max(
          mostGrowth * receiptAdvanceNs,
          comparedStreams * Math.max(betweenReadsNs(counts), eventData.stamp?.resolutionNs ?? 0),
        )
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
    name: 'steady wall clock',
    limit: `the wall clock jumps by at most ${mostStepMs} ms during the round; checked if stamps are Unix time`,
    reason: 'Delivery compares Unix time with a clock that never jumps.',
    remedy: 'Measure again, or stamp events with a monotonic clock, such as process.hrtime.',
    finding({ eventData: { stamp } }) {
      const stepMs = (stamp?.wallClockStepNs ?? 0) / 1e6;
      return stepMs > mostStepMs
        ? `the wall clock jumped by ${stepMs.toFixed(0)} ms during the round`
        : undefined;
    },
  },
];
