/** Passes time and waits for conditions. A simulation replaces this with a time that jumps. */
import { setTimeout as timeout } from 'node:timers/promises';

export interface Time {
  /** Milliseconds since any fixed origin; may have a fraction. */
  nowMs(): number;
  /** @throws when the signal is aborted */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The time of the machine. */
export const machineTime: Time = {
  nowMs: () => performance.now(),
  sleep: (ms, signal) => timeout(ms, undefined, signal && { signal }),
};

export interface PollOptions {
  /** The time between two calls. */
  eachMs: number;
  /** After this time, `poll` returns the latest answer. */
  withinMs: number;
  time?: Time;
  signal?: AbortSignal;
}

/**
 * Calls `ask` until its answer is done, or the time is over.
 *
 * @returns the last answer
 * @throws errors of `ask`, and when the signal is aborted
 */
export async function poll<Answer>(
  ask: () => Answer | Promise<Answer>,
  isDone: (answer: Answer) => boolean,
  { eachMs, withinMs, time = machineTime, signal }: PollOptions,
): Promise<Answer> {
  const endMs = time.nowMs() + withinMs;
  for (;;) {
    const answer = await ask();
    if (isDone(answer) || time.nowMs() > endMs) return answer;
    await time.sleep(eachMs, signal);
  }
}
