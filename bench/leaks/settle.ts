/** Waits until a server has let go of what its clients had, and finds what it has not. */
import { setTimeout as sleep } from 'node:timers/promises';
import { atMost, grownBetween, type Held } from './held.ts';
import type { Subject } from './subject.ts';

const firstLookMs = 100;
const looksAtLeaks = 3;
const socketPollMs = 20;

export interface Settled {
  /** What is there now and was not before, or more of it. */
  grown: Held[];
  after: Held[];
  tookMs: number;
}

/**
 * Looks again and again, after ever longer waits, until nothing is left that was not there before, or the time is up.
 *
 * @param leastMs before that nothing is concluded: a handler may still be at work for a client that has gone
 */
export async function settle(subject: Subject, before: readonly Held[], deadlineMs: number, leastMs: number, signal: AbortSignal): Promise<Settled> {
  const startMs = performance.now();
  await sleep(leastMs, undefined, { signal });
  await untilClosed(subject, before, deadlineMs, signal);
  for (let waitMs = firstLookMs; ; waitMs *= 2) {
    const tookMs = performance.now() - startMs;
    const after = await subject.look();
    const grown = grownBetween(before, after);
    if (grown.length === 0) return { grown, after, tookMs };
    if (tookMs >= deadlineMs) {
      const most = await lookAgain(subject, after);
      return { grown: grownBetween(before, most), after: most, tookMs };
    }
    await sleep(Math.min(waitMs, Math.max(0, deadlineMs - tookMs)), undefined, { signal });
  }
}

/** To ask for sockets costs the server nothing, and while clients are still connected there is no need to look closer. */
async function untilClosed(subject: Subject, before: readonly Held[], deadlineMs: number, signal: AbortSignal) {
  const sockets = before.find(({ kind }) => kind === 'socket')?.count ?? Infinity;
  const endMs = performance.now() + deadlineMs;
  while ((subject.sockets() ?? 0) > sockets && performance.now() < endMs) await sleep(socketPollMs, undefined, { signal });
  await sleep(socketPollMs, undefined, { signal }); // for the handlers of those closes
}

/** A loop that sleeps has no timer between two sleeps: of each thing the most that was seen at once. */
async function lookAgain(subject: Subject, first: readonly Held[]): Promise<Held[]> {
  let most = [...first];
  for (let more = 0; more < looksAtLeaks - 1; more++) most = atMost(most, await subject.look());
  return most;
}
