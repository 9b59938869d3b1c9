/** Sends the steps of an answer when they are due, and ends its timer with the client. */
import type { ServerResponse } from 'node:http';
import type { Step } from './steps.ts';

/** Time, which a test can simulate. */
export interface Clock {
  nowMs(): number;
  /** @returns a function that clears the timer */
  after(waitMs: number, call: () => void): () => void;
}

const realClock: Clock = {
  nowMs: () => performance.now(),
  after(waitMs, call) {
    const timer = setTimeout(call, waitMs);
    return () => clearTimeout(timer);
  },
};

const running = new Set<() => void>();

/** The part of a response that an answer needs. */
export type Output = Pick<ServerResponse, 'destroyed' | 'write' | 'end' | 'on' | 'once' | 'off'>;

/**
 * @param steps in the order of their times
 * @param encode the bytes of a step; an empty text sends nothing
 * @param startMs the moment of the request, by the clock
 */
export function play(
  res: Output,
  steps: Iterator<Step>,
  encode: (step: Step) => string,
  startMs: number,
  clock = realClock,
): void {
  // The client may have disconnected after its last byte. Then the response has closed already.
  if (res.destroyed) return;
  let clearTimer = () => {};
  let next = steps.next();

  const stop = () => {
    clearTimer();
    running.delete(finish);
  };
  const finish = () => {
    stop();
    res.end();
  };
  const proceed = () => {
    while (!next.done) {
      const waitMs = startMs + next.value.atMs - clock.nowMs();
      // A timer can fire up to 1 ms early by this clock. Then it is set again.
      if (waitMs > 0) {
        clearTimer = clock.after(Math.ceil(waitMs), proceed);
        return;
      }
      const text = encode(next.value);
      next = steps.next();
      if (text !== '' && !res.write(text)) {
        res.once('drain', proceed);
        return;
      }
    }
    finish();
  };

  running.add(finish);
  res.on('close', () => {
    res.off('drain', proceed);
    stop();
  });
  proceed();
}

/** Ends every answer of this process where it is, without its end marker. */
export function endAllAnswers(): void {
  for (const finish of running) finish();
}
