/** A volley of requests whose answers end, fired by autocannon in a process of its own. */
import { within } from '../../system/deadline.ts';
import { exitOf, launch, programBeside } from '../../system/launch.ts';
import type { GeneratorHealth } from '../../result/run-result.ts';

/** What is fired: plain data, for another process. */
export interface VolleyTask {
  url: string;
  headers: Record<string, string>;
  /** At once; each asks again as soon as it has been answered. */
  connections: number;
  durationMs: number;
  /** How many events are in each answer; `null` where it is none of events. */
  events: number | null;
  /** An answer that takes longer has failed. */
  timeoutMs: number;
}

export interface Volley {
  /** Answers with status 200 to 299 that came to their end, with as many events as they should have. */
  answered: number;
  /** Others: with fewer or more, with another status, broken off, too late. */
  short: number;
  refused: number;
  broken: number;
  late: number;
  overMs: number;
  health: GeneratorHealth;
}

/** Beyond the volley itself: for the process to start, and for its last answers. */
const spareMs = 15_000;

/** @throws where its process ends, or does not come to an end */
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
    Promise.reject(new Error(`the process of autocannon ended: ${how ?? `exit code ${code}`}`)),
  );
  child.send(task);
  try {
    return await within(
      task.durationMs + task.timeoutMs + spareMs,
      'autocannon did not come to an end',
      Promise.race([answer, ended]),
      signal,
    );
  } finally {
    ended.catch(() => {}); // it is ended now
    child.kill('SIGKILL');
    await exited;
  }
}
