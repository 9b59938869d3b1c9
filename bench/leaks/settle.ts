/** Waits until a server has let go of what its clients had, and finds what it has not. */
import { setTimeout as sleep } from 'node:timers/promises';
import { atMost, grownBetween, type Held } from '../measure/held.ts';
import type { Glance, Look } from './look/look.ts';

const firstWaitMs = 300;
const glanceEachMs = 20;
/** The closes are work, and what is seen from outside is whether a process works. */
const quietAfterMs = 200;

export interface Settled {
  /** What is there now and was not before, or more of it. */
  grown: Held[];
  /** What was there before, and is no longer: it was late. */
  shrunk: Held[];
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
  signal: AbortSignal;
}

export async function baselineOf(look: Look): Promise<Baseline> {
  return { held: await look.take(), glance: await look.glance() };
}

/** Looks again and again until nothing is left that was not there before, or the time is up. */
export async function settle(look: Look, before: Baseline, { deadlineMs, leastMs, laterMs, signal }: SettleOptions): Promise<Settled> {
  const startMs = performance.now();
  const tookMs = () => performance.now() - startMs;
  const shrunk = (now: Baseline) => grownBetween(now.held, before.held);
  await sleep(leastMs, undefined, { signal });
  await untilSameAtAGlance(look, before.glance, startMs + deadlineMs, signal);
  const inTime = await untilGone(look, before, startMs + deadlineMs, signal);
  if (inTime.grown.length === 0) return { ...inTime, shrunk: shrunk(inTime.after), tookMs: tookMs(), goneAfterMs: null };
  const heldMs = tookMs();
  // What goes only now must not be in the next baseline: as much that stays then would be taken for it.
  const { grown, after } = await untilGone(look, before, startMs + heldMs + laterMs, signal);
  return { grown: inTime.grown, shrunk: shrunk(inTime.after), after, tookMs: heldMs, goneAfterMs: grown.length === 0 ? tookMs() : null };
}

/** After ever longer waits. */
async function untilGone(look: Look, before: Baseline, endMs: number, signal: AbortSignal): Promise<Pick<Settled, 'grown' | 'after'>> {
  for (let waitMs = firstWaitMs; ; waitMs *= 2) {
    const after = await baselineOf(look);
    const grown = grownBetween(before.held, after.held);
    if (grown.length === 0) return { grown, after };
    const leftMs = endMs - performance.now();
    if (leftMs <= 0) {
      // A loop that sleeps may have no timer between two sleeps: of each thing the most that was seen at once.
      const held = atMost(after.held, await look.take());
      return { grown: grownBetween(before.held, held), after: { ...after, held } };
    }
    await sleep(Math.min(waitMs, leftMs), undefined, { signal });
  }
}

/** While clients are still connected there is no need to look closer, which would hold the server up. */
async function untilSameAtAGlance(look: Look, before: Glance, endMs: number, signal: AbortSignal) {
  const isMore = (now: number | undefined, then: number | undefined) => now !== undefined && then !== undefined && now > then;
  for (;;) {
    const { connections, timers } = await look.glance();
    if (!isMore(connections, before.connections) && !isMore(timers, before.timers)) break;
    if (performance.now() > endMs) return;
    await sleep(glanceEachMs, undefined, { signal });
  }
  await sleep(look.kind === 'outside' ? quietAfterMs : glanceEachMs, undefined, { signal }); // for the handlers of those closes
}
