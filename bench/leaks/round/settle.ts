/** Waits until a server has released what its clients used, and finds what it has not released. */
import { grownBetween, type Held, type Noise } from '../../result/held.ts';
import type { Time } from '../../system/time.ts';
import type { Inspection } from '../inspection/inspection.ts';
import { mostOf, type Baseline } from './baseline.ts';
import {
  untilReleased,
  untilSameAtAGlance,
  untilStable,
  type UntilReleased,
} from './inspect-until.ts';

/** The first wait between two inspections. It is shorter if the deadline is short. */
const firstWaitMs = 300;
const firstWaitShare = 1 / 8;

export interface Settled {
  /** Things that the server holds now and did not hold before, or holds more of. */
  grown: Held[];
  /** Things that the server held before and has since released late. */
  shrunk: Held[];
  /** Whether the counts returned to those before the round, or after another round. */
  isClean: boolean;
  /** Whether the counts returned, or did not change any more. */
  isStable: boolean;
  /** Things that the server held at the deadline, or when there was nothing left to wait for. */
  held: readonly Held[];
  after: Baseline;
  tookMs: number;
  /**
   * If something grew: the time until all of it had disappeared, or `null` if that was not
   * observed.
   */
  releasedAfterMs: number | null;
}

export interface SettleOptions extends Pick<UntilReleased, 'mayRemain' | 'last'> {
  deadlineMs: number;
  /**
   * Minimum wait before any conclusion: a handler may still work for a client that has
   * disconnected.
   */
  leastMs: number;
  /** Additional wait after the deadline, to tell late releases from leaks. */
  laterMs: number;
  /** Whether equal inspections end the wait before the deadline. */
  stopsWhenStable: boolean;
  /** Whether these counts need no second inspection to count as stable. */
  isExpected?: ((held: readonly Held[]) => boolean) | undefined;
  /**
   * The most that the server held after other rounds. The wait ends when the counts are at or below
   * it.
   */
  mark: Baseline;
  /** How much the counts rise without clients. */
  noise: Noise;
  time: Time;
  signal: AbortSignal;
}

/** Inspects the server repeatedly until it holds no more than before, or the time is up. */
export async function settle(
  inspection: Inspection,
  before: Baseline,
  {
    deadlineMs,
    leastMs,
    laterMs,
    stopsWhenStable,
    mark,
    isExpected,
    mayRemain,
    last,
    ...more
  }: SettleOptions,
): Promise<Settled> {
  const { noise, time, signal } = more;
  const startMs = time.nowMs();
  const tookMs = () => time.nowMs() - startMs;
  const bounds = mostOf(before, mark);
  const waitMs = Math.min(firstWaitMs, deadlineMs * firstWaitShare);
  const firstCostMs = before.tookMs;
  const until = { bounds: bounds.held, noise, waitMs, firstCostMs, time, signal };
  await time.sleep(leastMs, signal);
  await untilSameAtAGlance(inspection, bounds.glance, stopsWhenStable, {
    withinMs: deadlineMs - leastMs,
    time,
    signal,
  });
  const inTime = stopsWhenStable
    ? await untilStable(inspection, {
        ...until,
        endMs: startMs + deadlineMs,
        isExpected,
      })
    : await untilReleased(inspection, { ...until, endMs: startMs + deadlineMs, mayRemain, last });
  const { held } = inTime.after;
  const heldMs = tookMs();
  const found = {
    grown: grownBetween(before.held, held),
    shrunk: grownBetween(held, before.held),
    isClean: inTime.isWithin,
    isStable: inTime.isStable,
    held,
    tookMs: heldMs,
  };
  if (inTime.isWithin || laterMs === 0)
    return { ...found, after: inTime.after, releasedAfterMs: null };
  // The next baseline must not contain late releases: they would leave room in which an equal
  // number of leaks could hide.
  const endMs = startMs + heldMs + laterMs;
  const { isWithin, after } = await untilReleased(inspection, { ...until, endMs });
  const isReleased = isWithin && grownBetween(before.held, after.held, noise).length === 0;
  return { ...found, after, releasedAfterMs: isReleased ? tookMs() : null };
}
