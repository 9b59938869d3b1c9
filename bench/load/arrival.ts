/** What the plan of a load consists of. */

export type Cohort = 'paced' | 'quiet' | 'slow' | 'staying';

/**
 * One planned stream. `paced` streams are measured; `quiet` ones ask for an interval so long that nothing
 * is written to them, and show when a server notices a disconnect that no write tells it of; `slow` ones ask for the same
 * as those that are measured, and hardly read it; `staying` ones do not leave with the others, and show what these do.
 */
export interface Arrival {
  /** Milliseconds from the beginning of the ramp to the intended start. */
  atMs: number;
  cohort: Cohort;
  /** When it leaves, where that is before all do. */
  leaveAtMs?: number;
}
