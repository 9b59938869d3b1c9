/** Inspects a server repeatedly until its counts have returned, are stable, or the time is up. */
import { atMost, grownBetween, type Held, type Noise } from '../../result/held.ts';
import { poll, type PollOptions, type Time } from '../../system/time.ts';
import { areSteady, differ } from '../../verdict/noise.ts';
import type { Glance, Inspection } from '../inspection/inspection.ts';
import { baselineOf, type Baseline } from './baseline.ts';

const glanceEachMs = 20;
/**
 * Closing connections is work, and an inspection from outside measures work. So wait until it is
 * done.
 */
const quietAfterMs = 200;
/**
 * Growth is stable when this many inspections in a row count the same. Two are enough if they are
 * that far apart, because inspections of a large heap take seconds.
 */
const equal = { inspections: 3, apartMs: 600 };
/**
 * Growth that changes for longer than this, and longer than the deadline, is not stable. The time of
 * inspections does not count, because the server does nothing meanwhile.
 */
const stableWithinMs = 2_500;
/** The check waits for at least as long as this number of inspections takes, before the next one. */
const pausePerInspection = 2;
/** The clients' connections remain open if their number has not changed for this time. */
const glanceStableMs = 500;

export interface Until {
  /** The most that the server may hold. */
  bounds: readonly Held[];
  noise: Noise;
  waitMs: number;
  endMs: number;
  time: Time;
  signal: AbortSignal;
}

export interface UntilReleased extends Until {
  /** How long the first inspection is expected to take. */
  firstCostMs: number;
  /** Whether a thing may remain. */
  mayRemain?: ((held: Held) => boolean) | undefined;
  /** The last inspection, if the server has had no client since. The next one is not made at once. */
  last?: Baseline | undefined;
}

export interface Within {
  isWithin: boolean;
  isStable: boolean;
  after: Baseline;
}

/**
 * Inspects the server until equal inspections show that its growth is stable, or the time is up. If
 * growth was seen, and only a later inspection than that finds it gone, it may have been released
 * late, so the counts are not stable either.
 */
export async function untilStable(
  inspection: Inspection,
  {
    bounds,
    noise,
    waitMs,
    endMs,
    isExpected,
    time,
    signal,
  }: Until & { isExpected: ((held: readonly Held[]) => boolean) | undefined },
): Promise<Within> {
  const stableEndMs = Math.max(endMs, time.nowMs() + stableWithinMs);
  let [inRow, sinceMs, inspectingMs, hasGrown] = [0, 0, 0, false];
  let most: readonly Held[] = [];
  for (;;) {
    const atMs = time.nowMs();
    const after = await baselineOf(inspection, time);
    inspectingMs += after.tookMs;
    const isEqual = inRow > 0 && areSteady(most, after.held, noise);
    if (!isEqual) sinceMs = atMs;
    inRow = isEqual ? inRow + 1 : 1;
    // An inspection can miss some of the loops that sleep.
    most = isEqual ? atMost(most, after.held) : after.held;
    if (grownBetween(bounds, after.held, noise).length === 0)
      return { isWithin: true, isStable: !hasGrown || atMs <= stableEndMs, after };
    hasGrown = true;
    const isStable = inRow === equal.inspections || (inRow > 1 && atMs - sinceMs >= equal.apartMs);
    if (isStable || isExpected?.(most))
      return { isWithin: false, isStable: true, after: { ...after, held: most } };
    const leftMs = stableEndMs + inspectingMs - time.nowMs();
    if (leftMs <= 0) return atTheEnd(inspection, after, bounds, noise);
    await time.sleep(Math.min(waitMs, leftMs), signal);
  }
}

/**
 * Inspects the server until it holds no more than the bounds, or the time is up. The wait doubles
 * after each inspection.

 */
export async function untilReleased(
  inspection: Inspection,
  {
    bounds,
    noise,
    waitMs: firstMs,
    endMs,
    firstCostMs,
    mayRemain = () => false,
    last: known,
    time,
    signal,
  }: UntilReleased,
): Promise<Within> {
  let last = known;
  let [waitMs, costMs] = [firstMs, known?.tookMs ?? firstCostMs];
  for (;;) {
    const leftMs = Math.max(0, endMs - time.nowMs());
    const pauseMs = last === undefined ? 0 : Math.max(waitMs, pausePerInspection * costMs);
    // Only an inspection after the end decides, so none should be still going on then.
    await time.sleep(pauseMs + costMs < leftMs ? pauseMs : leftMs, signal);
    if (last !== undefined) waitMs *= 2;
    const atMs = time.nowMs();
    const after = await baselineOf(inspection, time);
    if (grownBetween(bounds, after.held, noise).every(mayRemain))
      return { isWithin: true, isStable: true, after };
    if (atMs >= endMs)
      return known !== undefined && last !== undefined && !differ(last.held, after.held)
        ? { isWithin: false, isStable: false, after }
        : atTheEnd(inspection, after, bounds, noise);
    [last, costMs] = [after, after.tookMs];
  }
}

/**
 * A loop that sleeps may have no timer between two sleeps. So for each count, the larger of two
 * inspections is used.
 */
async function atTheEnd(
  inspection: Inspection,
  after: Baseline,
  bounds: readonly Held[],
  noise: Noise,
): Promise<Within> {
  const held = atMost(after.held, await inspection.take());
  return {
    isWithin: grownBetween(bounds, held, noise).length === 0,
    isStable: false,
    after: { ...after, held },
  };
}

/** While clients are still connected, a full inspection is useless and would stop the server. */
export async function untilSameAtAGlance(
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
