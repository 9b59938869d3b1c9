/** The plan of a run's load: every stream and its intended start, known before anything begins. */
import { randomFrom } from '../scenario/random.ts';

/**
 * One planned stream. `paced` streams are measured; `quiet` ones ask for an interval so long that nothing
 * is written to them, and show when a server notices a disconnect that no write tells it of.
 */
export interface Arrival {
  /** Milliseconds from the beginning of the ramp to the intended start. */
  atMs: number;
  cohort: 'paced' | 'quiet';
}

export interface LoadPlan {
  streams: number;
  quietStreams: number;
  rampMs: number;
  seed: number;
}

/**
 * Spreads the streams over the ramp: each has its own slot of equal length and starts somewhere in it.
 * The same plan and seed give the same arrivals, for every server and in every process.
 */
export function planArrivals({ streams, quietStreams, rampMs, seed }: LoadPlan): Arrival[] {
  const random = randomFrom(seed);
  const spread = (count: number, cohort: Arrival['cohort']) =>
    Array.from({ length: count }, (_, slot): Arrival => ({ atMs: (rampMs * (slot + random())) / count, cohort }));
  return [...spread(streams, 'paced'), ...spread(quietStreams, 'quiet')].toSorted((a, b) => a.atMs - b.atMs);
}

/** The part of the arrivals that one of several generators makes: every n-th of them. */
export function shareOf<T>(arrivals: readonly T[], generator: number, generators: number): T[] {
  return arrivals.filter((_, index) => index % generators === generator);
}
