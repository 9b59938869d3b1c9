/** The plan of a run's load: every stream and its intended start, known before anything begins. */
import { randomFrom } from '../statistics/random.ts';
import type { Churn } from '../scenario/kinds/churn.ts';
import type { CloseMethod } from '../scenario/scenario.ts';
import type { Arrival } from './arrival.ts';
import { planChurn } from './churn.ts';

export interface LoadPlan {
  streams: number;
  quietStreams: number;
  slowReaders: number;
  stayingStreams: number;
  rampMs: number;
  /** To the end of the measuring. */
  totalMs: number;
  /** Streams that come and go, in place of those that stay. */
  churn: Omit<Churn, 'kind'> | null;
  seed: number;
}

/**
 * Spreads the streams over the ramp: each has its own slot of equal length and starts somewhere in it. Those that come and
 * go arrive until the end.
 * The same plan and seed give the same arrivals, for every server and in every process.
 */
export function planArrivals({
  streams,
  quietStreams,
  slowReaders,
  stayingStreams,
  rampMs,
  totalMs,
  churn,
  seed,
}: LoadPlan): Arrival[] {
  const random = randomFrom(seed);
  const spread = (count: number, cohort: Arrival['cohort']) =>
    Array.from({ length: count }, (_, slot): Arrival => ({
      atMs: (rampMs * (slot + random())) / count,
      cohort,
    }));
  const paced = churn ? planChurn(churn, totalMs, seed) : spread(streams, 'paced');
  return [
    ...paced,
    ...spread(quietStreams, 'quiet'),
    ...spread(slowReaders, 'slow'),
    ...spread(stayingStreams, 'staying'),
  ].toSorted((a, b) => a.atMs - b.atMs);
}

/** Paced streams that start before this, and the time that they are there for from `fromMs` to then: all together. */
export function plannedUntil(
  plan: LoadPlan,
  fromMs: number,
  untilMs: number,
): { streams: number; streamMs: number } {
  const started = planArrivals(plan).filter(
    ({ cohort, atMs }) => cohort === 'paced' && atMs < untilMs,
  );
  const streamMs = started.reduce(
    (sum, { atMs, leaveAtMs = Infinity }) =>
      sum + Math.max(0, Math.min(leaveAtMs, untilMs) - Math.max(atMs, fromMs)),
    0,
  );
  return { streams: started.length, streamMs };
}

/** What decides which generator makes which streams. */
interface Sharing {
  plan: Pick<LoadPlan, 'stayingStreams'>;
  disconnect: CloseMethod;
  generator: number;
  generators: number;
}

/** Whether those that stay have a generator of their own, the last: where the others are killed, and their streams with them. */
export const stayApart = ({ plan, disconnect }: Pick<Sharing, 'plan' | 'disconnect'>): boolean =>
  disconnect === 'kill' && plan.stayingStreams > 0;

/** The part of the arrivals that one of several generators makes: every n-th of them. */
export function shareOf(arrivals: readonly Arrival[], sharing: Sharing): Arrival[] {
  const { generator, generators } = sharing;
  if (!stayApart(sharing)) return arrivals.filter((_, index) => index % generators === generator);
  const isLast = generator === generators - 1;
  const those = arrivals.filter(({ cohort }) => (cohort === 'staying') === isLast);
  return isLast ? those : those.filter((_, index) => index % (generators - 1) === generator);
}
