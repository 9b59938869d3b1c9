/** Limits on how closely the load follows its plan: when streams start, and when they reconnect. */
import { samplesNeeded } from '../../measure/durations.ts';
import { percent, type Check } from './check.ts';

/** Assumed interval if the interval is unknown. */
const usualIntervalMs = 1_000;
const arrivalLagShare = 0.1;
/** Timers fire at whole milliseconds, and a lag of a few is not a burst. */
const leastArrivalLagMs = 5;
const reconnectLagShare = 0.05;
const mostRunning = 0.5;

export const planLimits: readonly Check[] = [
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
    remedy:
      'Open fewer streams per second (longer --ramp), or give the load more cores. With --answers, lower --arrivals, or allow more --streams.',
    finding({ planned, counts, outcome }) {
      const dropped = planned - counts.started;
      const why =
        outcome?.kind === 'answers' && outcome.dropped > 0
          ? ', because as many answers as --streams allows were running'
          : '';
      return dropped > 0 ? `${dropped} streams were never started${why}` : undefined;
    },
  },
  {
    name: 'running answers',
    limit: `at most ${percent(mostRunning)} of all answers still running at the end of the measurement`,
    reason: 'The figures of whole answers lack these, and the slowest answers are among them.',
    remedy:
      'Measure for several times as long as an answer takes (--duration), or disconnect from each answer after some events (--max-events).',
    finding({ outcome }) {
      if (outcome?.kind !== 'answers') return undefined;
      const { planned, stillRunning } = outcome;
      return stillRunning > mostRunning * planned
        ? `${stillRunning} of ${planned} answers were still running at the end of the measurement`
        : undefined;
    },
  },
  {
    name: 'reconnect lag',
    limit: `p90 at most ${percent(reconnectLagShare)} of the median time until events flow again`,
    reason: 'If the generator reconnects clients late, they recover late.',
    remedy:
      'Let fewer clients reconnect at once (longer --jitter, fewer --streams), or give the load more cores.',
    finding({ durations: { reconnectLag, recovery, outage }, counts: { reconnected } }) {
      if (reconnected === 0) return undefined;
      const back = recovery.count > 0 ? recovery : outage;
      const [lagMs, recoveryMs] = [reconnectLag.quantileMs(0.9)!, back.quantileMs(0.5)!];
      if (lagMs <= reconnectLagShare * recoveryMs) return undefined;
      return `clients reconnected late: p90 ${lagMs.toFixed(1)} ms, over ${percent(reconnectLagShare)} of the median recovery time of ${recoveryMs.toFixed(0)} ms`;
    },
  },
];
