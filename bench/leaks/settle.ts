/** Waits until a server has let go of what its clients had, and finds what it has not. */
import { atMost, grownBetween, type Held, type Noise } from '../result/held.ts';
import type { Glance, Inspection } from './inspection/inspection.ts';
import { poll, type PollOptions, type Time } from '../system/time.ts';

const firstWaitMs = 300;
const glanceEachMs = 20;
/** The closes are work, and what is seen from outside is whether a process works. */
const quietAfterMs = 200;

export interface Settled {
  /** What is there now and was not before, or more of it. */
  grown: Held[];
  /** What was there before, and is no longer: it was late. */
  shrunk: Held[];
  /** Whether it came back to what there was before, or to what it had held after another round. */
  isClean: boolean;
  /** What was held at the deadline, or when nothing was left to wait for. */
  held: readonly Held[];
  after: Baseline;
  tookMs: number;
  /** Where something grew: when all of it had gone after all; `null` where it was not seen to go. */
  goneAfterMs: number | null;
}

/** What there was before, to which a server must come back. */
export interface Baseline {
  held: readonly Held[];
  glance: Glance;
}

export interface SettleOptions {
  deadlineMs: number;
  /** Before that nothing is concluded: a handler may still be at work for a client that has gone. */
  leastMs: number;
  /** How much longer is waited for what has not gone by then, to tell what is late from what stays. */
  laterMs: number;
  /** The most that it held after other rounds: there is no need to wait for less than that. */
  mark: Baseline;
  /** How much its counts rise without clients. */
  noise: Noise;
  time: Time;
  signal: AbortSignal;
}

export async function baselineOf(inspection: Inspection): Promise<Baseline> {
  return { held: await inspection.take(), glance: await inspection.glance() };
}

/** Of each count the larger one. */
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

/** Looks again and again until nothing is left that was not there before, or the time is up. */
export async function settle(
  inspection: Inspection,
  before: Baseline,
  { deadlineMs, leastMs, laterMs, mark, noise, time, signal }: SettleOptions,
): Promise<Settled> {
  const startMs = time.nowMs();
  const tookMs = () => time.nowMs() - startMs;
  const bounds = mostOf(before, mark);
  const untilGone = (endMs: number) =>
    untilWithin(inspection, bounds.held, noise, endMs, time, signal);
  await time.sleep(leastMs, signal);
  await untilSameAtAGlance(inspection, bounds.glance, {
    withinMs: deadlineMs - leastMs,
    time,
    signal,
  });
  const inTime = await untilGone(startMs + deadlineMs);
  const { held } = inTime.after;
  const heldMs = tookMs();
  const found = {
    grown: grownBetween(before.held, held),
    shrunk: grownBetween(held, before.held),
    isClean: inTime.isWithin,
    held,
    tookMs: heldMs,
  };
  if (inTime.isWithin || laterMs === 0) return { ...found, after: inTime.after, goneAfterMs: null };
  // What goes only now must not be in the next baseline: as much that stays then would be taken for it.
  const { isWithin, after } = await untilGone(startMs + heldMs + laterMs);
  return { ...found, after, goneAfterMs: isWithin ? tookMs() : null };
}

/** After ever longer waits. */
async function untilWithin(
  inspection: Inspection,
  bounds: readonly Held[],
  noise: Noise,
  endMs: number,
  time: Time,
  signal: AbortSignal,
): Promise<{ isWithin: boolean; after: Baseline }> {
  for (let waitMs = firstWaitMs; ; waitMs *= 2) {
    const after = await baselineOf(inspection);
    if (grownBetween(bounds, after.held, noise).length === 0) return { isWithin: true, after };
    const leftMs = endMs - time.nowMs();
    if (leftMs <= 0) {
      // A loop that sleeps may have no timer between two sleeps: of each thing the most that was seen at once.
      const held = atMost(after.held, await inspection.take());
      return {
        isWithin: grownBetween(bounds, held, noise).length === 0,
        after: { ...after, held },
      };
    }
    await time.sleep(Math.min(waitMs, leftMs), signal);
  }
}

/** While clients are still connected there is no need to look closer, which would hold the server up. */
async function untilSameAtAGlance(
  inspection: Inspection,
  before: Glance,
  options: Omit<PollOptions, 'eachMs'> & { time: Time },
) {
  const isMore = (now: number | undefined, then: number | undefined) =>
    now !== undefined && then !== undefined && now > then;
  const isSame = ({ connections, timers }: Glance) =>
    !isMore(connections, before.connections) && !isMore(timers, before.timers);
  const last = await poll(inspection.glance, isSame, { ...options, eachMs: glanceEachMs });
  if (!isSame(last)) return;
  // For the handlers of those closes.
  const quietMs = inspection.kind === 'outside' ? quietAfterMs : glanceEachMs;
  await options.time.sleep(quietMs, options.signal);
}
