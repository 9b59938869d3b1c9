/** The plan of a run's load: every stream with its intended start, fixed before the run. */
import { randomFrom } from '../statistics/random.ts';
import type { Churn } from '../scenario/kinds/churn.ts';
import type { CloseMethod } from '../scenario/scenario.ts';
import type { Arrival, Unnumbered } from './arrival.ts';
import { planChurn } from './churn.ts';

export interface LoadPlan {
  streams: number;
  quietStreams: number;
  slowReaders: number;
  remainingStreams: number;
  rampMs: number;
  /** From the start of the ramp to the end of the measurement. */
  totalMs: number;
  /** Streams with a limited lifetime, which replace `streams`. `null` for none. */
  churn: Omit<Churn, 'kind'> | null;
  seed: number;
}

/**
 * Spreads the streams over the ramp: each starts at a random moment in its own slot of equal
 * length. Streams with a limited lifetime arrive until the end. The same plan and seed give the
 * same arrivals, for every server and in every process.
 */
export function planArrivals({
  streams,
  quietStreams,
  slowReaders,
  remainingStreams,
  rampMs,
  totalMs,
  churn,
  seed,
}: LoadPlan): Arrival[] {
  const random = randomFrom(seed);
  const spread = (count: number, cohort: Arrival['cohort']) =>
    Array.from({ length: count }, (_, slot): Unnumbered => ({
      atMs: (rampMs * (slot + random())) / count,
      cohort,
    }));
  const paced = churn ? planChurn(churn, totalMs, seed) : spread(streams, 'paced');
  const arrivals = [
    ...paced,
    ...spread(quietStreams, 'quiet'),
    ...spread(slowReaders, 'slow'),
    ...spread(remainingStreams, 'remaining'),
  ].toSorted((a, b) => a.atMs - b.atMs);
  return arrivals.map((arrival, number) => ({ ...arrival, number }));
}

/**
 * Counts the paced streams that start before `untilMs`, and sums the time they are open from
 * `fromMs` to `untilMs`.
 */
export function plannedUntil(
  plan: LoadPlan,
  fromMs: number,
  untilMs: number,
): { streams: number; streamMs: number } {
  const started = planArrivals(plan).filter(
    ({ cohort, atMs }) => cohort === 'paced' && atMs < untilMs,
  );
  const streamMs = started.reduce(
    (sum, { atMs, disconnectAtMs = Infinity }) =>
      sum + Math.max(0, Math.min(disconnectAtMs, untilMs) - Math.max(atMs, fromMs)),
    0,
  );
  return { streams: started.length, streamMs };
}

/** Decides which generator opens which streams. */
interface Sharing {
  plan: Pick<LoadPlan, 'remainingStreams'>;
  disconnect: CloseMethod;
  generator: number;
  generators: number;
}

/**
 * Whether remaining streams have a generator of their own, the last one. They do if the other
 * generators are killed together with their streams.
 */
export const hasGeneratorForRemaining = ({
  plan,
  disconnect,
}: Pick<Sharing, 'plan' | 'disconnect'>): boolean =>
  disconnect === 'kill' && plan.remainingStreams > 0;

/** The share of one of several generators: every n-th arrival. */
export function shareOf(arrivals: readonly Arrival[], sharing: Sharing): Arrival[] {
  const { generator, generators } = sharing;
  if (!hasGeneratorForRemaining(sharing))
    return arrivals.filter((_, index) => index % generators === generator);
  const isLast = generator === generators - 1;
  const those = arrivals.filter(({ cohort }) => (cohort === 'remaining') === isLast);
  return isLast ? those : those.filter((_, index) => index % (generators - 1) === generator);
}
