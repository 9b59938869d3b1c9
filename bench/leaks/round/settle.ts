/** Waits until a server has released what its clients used, and finds what it has not released. */
import { atMost, grownBetween, type Held, type Noise } from '../../result/held.ts';
import { areSteady } from '../../verdict/noise.ts';
import type { Glance, Inspection } from '../inspection/inspection.ts';
import { poll, type PollOptions, type Time } from '../../system/time.ts';

/** The first wait between two inspections. It is shorter if the deadline is short. */
const firstWaitMs = 300;
const firstWaitShare = 1 / 8;
const glanceEachMs = 20;
/**
 * Closing connections is work, and an inspection from outside measures work. So wait until it is
 * done.
 */
const quietAfterMs = 200;
/** Growth is stable when this many inspections in a row count the same. */
const equalInspections = 3;
/** Growth that changes for longer than this, and longer than the deadline, is not stable. */
const stableWithinMs = 2_500;
/** The clients' connections remain open if their number has not changed for this time. */
const glanceStableMs = 500;

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

/** The state before the round, to which the server must return. */
export interface Baseline {
  held: readonly Held[];
  glance: Glance;
}

export interface SettleOptions {
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

export async function baselineOf(inspection: Inspection): Promise<Baseline> {
  return { held: await inspection.take(), glance: await inspection.glance() };
}

/** The larger value of each count. */
export function mostOf(one: Baseline, other: Baseline): Baseline {
  const most = (a: number | undefined, b: number | undefined) =>
    a === undefined || b === undefined ? (a ?? b) : Math.max(a, b);
  return {
    held: atMost(one.held, other.held),
    glance: {
      connections: most(one.glance.connections, other.glance.connections),
      timers: most(one.glance.timers, other.glance.timers),
    },
  };
}

/** Inspects the server repeatedly until it holds no more than before, or the time is up. */
export async function settle(
  inspection: Inspection,
  before: Baseline,
  { deadlineMs, leastMs, laterMs, stopsWhenStable, mark, noise, time, signal }: SettleOptions,
): Promise<Settled> {
  const startMs = time.nowMs();
  const tookMs = () => time.nowMs() - startMs;
  const bounds = mostOf(before, mark);
  const waitMs = Math.min(firstWaitMs, deadlineMs * firstWaitShare);
  const untilGone = (endMs: number) =>
    untilWithin(inspection, bounds.held, { noise, waitMs, endMs, stopsWhenStable, time, signal });
  await time.sleep(leastMs, signal);
  await untilSameAtAGlance(inspection, bounds.glance, stopsWhenStable, {
    withinMs: deadlineMs - leastMs,
    time,
    signal,
  });
  const leastEndMs = stopsWhenStable ? stableWithinMs : 0;
  const inTime = await untilGone(startMs + Math.max(deadlineMs, leastEndMs));
  const { held } = inTime.after;
  const heldMs = tookMs();
  const found = {
    grown: grownBetween(before.held, held),
    shrunk: grownBetween(held, before.held),
    isClean: inTime.isWithin,
    isStable: inTime.isWithin || inTime.isStable,
    held,
    tookMs: heldMs,
  };
  if (inTime.isWithin || laterMs === 0)
    return { ...found, after: inTime.after, releasedAfterMs: null };
  // The next baseline must not contain late releases: they would leave room in which an equal
  // number of leaks could hide.
  const { isWithin, after } = await untilGone(startMs + heldMs + laterMs);
  const isReleased = isWithin && grownBetween(before.held, after.held, noise).length === 0;
  return { ...found, after, releasedAfterMs: isReleased ? tookMs() : null };
}

interface UntilWithin {
  noise: Noise;
  waitMs: number;
  endMs: number;
  stopsWhenStable: boolean;
  time: Time;
  signal: AbortSignal;
}

/** The wait doubles after each inspection, unless equal inspections end it. */
async function untilWithin(
  inspection: Inspection,
  bounds: readonly Held[],
  { noise, waitMs: firstMs, endMs, stopsWhenStable, time, signal }: UntilWithin,
): Promise<{ isWithin: boolean; isStable: boolean; after: Baseline }> {
  let equal = 0;
  let most: readonly Held[] = [];
  for (let waitMs = firstMs; ; waitMs *= stopsWhenStable ? 1 : 2) {
    const after = await baselineOf(inspection);
    const isEqual = equal > 0 && areSteady(most, after.held, noise);
    equal = isEqual ? equal + 1 : 1;
    // An inspection can miss some of the loops that sleep.
    most = isEqual ? atMost(most, after.held) : after.held;
    if (grownBetween(bounds, after.held, noise).length === 0)
      return { isWithin: true, isStable: true, after };
    if (stopsWhenStable && equal === equalInspections)
      return { isWithin: false, isStable: true, after: { ...after, held: most } };
    const leftMs = endMs - time.nowMs();
    if (leftMs <= 0) {
      // A loop that sleeps may have no timer between two sleeps. So for each count, use the larger
      // of two inspections.
      const held = atMost(after.held, await inspection.take());
      return {
        isWithin: grownBetween(bounds, held, noise).length === 0,
        isStable: false,
        after: { ...after, held },
      };
    }
    await time.sleep(Math.min(waitMs, leftMs), signal);
  }
}

/** While clients are still connected, a full inspection is useless and would stop the server. */
async function untilSameAtAGlance(
  inspection: Inspection,
  before: Glance,
  stopsWhenStable: boolean,
  options: Omit<PollOptions, 'eachMs'> & { time: Time },
) {
  const { time, signal } = options;
  const isMore = (now: number | undefined, then: number | undefined) =>
    now !== undefined && then !== undefined && now > then;
  const isSame = ({ connections, timers }: Glance) =>
    !isMore(connections, before.connections) && !isMore(timers, before.timers);
  let [lastText, sinceMs] = ['', time.nowMs()];
  const isStable = (glance: Glance) => {
    const text = JSON.stringify(glance);
    if (text !== lastText) [lastText, sinceMs] = [text, time.nowMs()];
    return stopsWhenStable && time.nowMs() - sinceMs >= glanceStableMs;
  };
  const isDone = (glance: Glance) => isSame(glance) || isStable(glance);
  const last = await poll(inspection.glance, isDone, { ...options, eachMs: glanceEachMs });
  if (!isSame(last)) return;
  // Time for the server's close handlers to run.
  const quietMs = inspection.kind === 'outside' ? quietAfterMs : glanceEachMs;
  await time.sleep(quietMs, signal);
}
