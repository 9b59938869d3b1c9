/** The work of an answer, which these servers share, and a report of where it ended. */
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

export const tokens = 50;
const everyMs = 20;

/**
 * Computes the tokens of an answer, one each 20 ms, and prints how many when it ends.
 *
 * @param signal ends the work early
 */
export async function* work(signal?: AbortSignal): AsyncGenerator<string, void> {
  let done = 0;
  try {
    while (done < tokens) {
      await sleep(everyMs);
      if (signal?.aborted) return;
      yield `${done++} `;
    }
  } finally {
    console.log(`Work ended after ${done} of ${tokens} tokens`);
  }
}

/** A signal that aborts when the client disconnects. None of the packages creates one. */
export function disconnectSignal(res: ServerResponse): AbortSignal {
  const controller = new AbortController();
  res.on('close', () => controller.abort());
  return controller.signal;
}

/** Whether the request wants its work to end with its client: `?stop`. */
export const isToStop = (url: string | undefined): boolean =>
  new URL(url ?? '/', 'http://mock').searchParams.has('stop');
