/** A volley of requests with finite responses, fired by autocannon in its own process. */
import { within } from '../../system/deadline.ts';
import { exitOf, launch, programBeside } from '../../system/launch.ts';
import type { GeneratorHealth } from '../../result/run-result.ts';

/** The parameters of a volley: plain data, for another process. */
export interface VolleyTask {
  url: string;
  headers: Record<string, string>;
  /** Concurrent connections; each sends its next request as soon as it has its response. */
  connections: number;
  durationMs: number;
  /** The number of events in each response; `null` if it is not an event stream. */
  events: number | null;
  /** A response that takes longer than this fails. */
  timeoutMs: number;
}

export interface Volley {
  /** Complete responses with status 200 to 299 and the right number of events. */
  answered: number;
  /** The others: a wrong number of events, another status, broken off, too late. */
  short: number;
  refused: number;
  broken: number;
  late: number;
  overMs: number;
  health: GeneratorHealth;
}

/** Time beyond the volley itself: for the process to start, and for the last responses. */
const spareMs = 15_000;

/** @throws if the process ends early, or does not finish in time */
export async function fire(
  task: VolleyTask,
  cores: readonly number[] | undefined,
  signal: AbortSignal,
): Promise<Volley> {
  const child = launch([process.execPath, programBeside(import.meta.url, 'process')], {
    cores,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const exited = exitOf(child);
  const answer = new Promise<Volley>((resolve) =>
    child.on('message', (volley: Volley) => resolve(volley)),
  );
  const ended = exited.then(({ code, signal: how }): Promise<never> =>
    Promise.reject(
      new Error(`the process of autocannon ended unexpectedly: ${how ?? `exit code ${code}`}`),
    ),
  );
  child.send(task);
  const withinMs = task.durationMs + task.timeoutMs + spareMs;
  try {
    return await within(
      withinMs,
      `autocannon did not finish within ${withinMs / 1000} s`,
      Promise.race([answer, ended]),
      signal,
    );
  } finally {
    ended.catch(() => {}); // it has been ended here
    child.kill('SIGKILL');
    await exited;
  }
}
