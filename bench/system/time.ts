/** How time is passed, and how what comes to pass is waited for. A simulation has a time that jumps instead of passing. */
import { setTimeout as timeout } from 'node:timers/promises';

export interface Time {
  /** Milliseconds since some origin; may have a fraction. */
  nowMs(): number;
  /** @throws when the signal asks for an early end */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's. */
export const machineTime: Time = {
  nowMs: () => performance.now(),
  sleep: (ms, signal) => timeout(ms, undefined, signal && { signal }),
};

export interface PollOptions {
  /** Between two questions. */
  eachMs: number;
  /** After that, the answer is taken as it is. */
  withinMs: number;
  time?: Time;
  signal?: AbortSignal;
}

/**
 * Asks again and again until the answer is as it should be, or the time is up.
 *
 * @returns the last answer
 * @throws what the question throws, and when the signal asks for an early end
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
