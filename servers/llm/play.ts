/** Sends the steps of an answer when they are due, and ends its timer with the client. */
import type { ServerResponse } from 'node:http';
import type { Step } from './steps.ts';

const running = new Set<() => void>();

/**
 * @param steps in the order of their times
 * @param encode the bytes of a step; an empty text sends nothing
 * @param startMs the moment of the request, by `performance.now()`
 */
export function play(
  res: ServerResponse,
  steps: Iterator<Step>,
  encode: (step: Step) => string,
  startMs: number,
): void {
  let timer: NodeJS.Timeout | undefined;
  let next = steps.next();

  const stop = () => {
    clearTimeout(timer);
    running.delete(finish);
  };
  const finish = () => {
    stop();
    res.end();
  };
  const proceed = () => {
    while (!next.done) {
      const waitMs = startMs + next.value.atMs - performance.now();
      // A timer can fire up to 1 ms early by this clock. Then it is set again.
      if (waitMs > 0) {
        timer = setTimeout(proceed, Math.ceil(waitMs));
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
