/** The elements of a load plan. */

export type Cohort = 'paced' | 'quiet' | 'slow' | 'remaining';

/**
 * One planned stream, in one of four cohorts:
 *
 * - `paced` streams are measured.
 * - `quiet` streams ask for an interval so long that the server never writes to them. They show
 *   when a server notices a disconnect without the help of a write.
 * - `slow` streams ask for the same as paced streams, and read almost nothing.
 * - `remaining` streams do not disconnect with the others. They show how the disconnects affect
 *   remaining streams.
 */
export interface Arrival {
  /** Milliseconds from the start of the ramp to the intended start. */
  atMs: number;
  cohort: Cohort;
  /** The number of the stream in the whole plan, from 0, which templates of its request use. */
  number: number;
  /** When the stream disconnects, if that is before the common disconnect; same scale as `atMs`. */
  disconnectAtMs?: number;
}

/** An arrival before the order of all arrivals is known. */
export type Unnumbered = Omit<Arrival, 'number'>;
