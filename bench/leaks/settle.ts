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
  after: Baseline;
  tookMs: number;
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
  signal: AbortSignal;
}

export async function baselineOf(look: Look): Promise<Baseline> {
  return { held: await look.take(), glance: await look.glance() };
}

/** Looks again and again, after ever longer waits, until nothing is left that was not there before, or the time is up. */
export async function settle(look: Look, before: Baseline, { deadlineMs, leastMs, signal }: SettleOptions): Promise<Settled> {
  const startMs = performance.now();
  await sleep(leastMs, undefined, { signal });
  await untilSameAtAGlance(look, before.glance, startMs + deadlineMs, signal);
  for (let waitMs = firstWaitMs; ; waitMs *= 2) {
    const tookMs = performance.now() - startMs;
    const after = await baselineOf(look);
    const grown = grownBetween(before.held, after.held);
    if (grown.length === 0) return { grown, after, tookMs };
    if (tookMs >= deadlineMs) {
      // A loop that sleeps may have no timer between two sleeps: of each thing the most that was seen at once.
      const held = atMost(after.held, await look.take());
      return { grown: grownBetween(before.held, held), after: { ...after, held }, tookMs };
    }
    await sleep(Math.min(waitMs, Math.max(0, deadlineMs - tookMs)), undefined, { signal });
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
