/** Tries a mode in a process with its own network namespace, and starts the server there. */
import { once } from 'node:events';
import { launch, programBeside } from '../../system/launch.ts';
import type { CheckOptions } from '../request/check-options.ts';
import { inOwnNetwork } from './network.ts';
import type { CheckResult, Leak } from '../../result/leak-result.ts';
import type { ModeProgress, ModeWatch } from '../modes/watch.ts';
import type { ServerSpec } from '../checked-server/checked-server.ts';

export interface ApartTask {
  spec: ServerSpec;
  /** Contains exactly one mode. */
  options: CheckOptions;
}

/**
 * `impossible`: there is no such namespace, or the server does not start in it, for example because
 * it needs a service outside.
 */
export type FromApart = { result: CheckResult } | { impossible: string } | { failed: string };

/** A report of the mode while it runs. */
export type News = { progress: ModeProgress } | { found: readonly Leak[] };

/**
 * @returns the result, or why there is none
 * @throws if the check failed
 */
export async function tryApart(
  spec: ServerSpec,
  options: CheckOptions,
  signal: AbortSignal,
  watch: ModeWatch,
): Promise<CheckResult | { impossible: string }> {
  const file = programBeside(import.meta.url, 'process');
  const child = launch(inOwnNetwork([process.execPath, file]), {
    cores: undefined,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  // We wait for 'exit', because 'close' is not emitted after we have closed the channel.
  const exited = once(child, 'exit').then(([code, by]) => ({
    code: code as number | null,
    signal: by as string | null,
  }));
  // The process ends what it has started, and then exits.
  const end = () => void (child.connected && child.disconnect());
  signal.addEventListener('abort', end);
  const { promise: answered, resolve } = Promise.withResolvers<FromApart>();
  child.on('message', (message: FromApart | News) => {
    if ('progress' in message) watch.progress(message.progress);
    else if ('found' in message) watch.found(message.found);
    else resolve(message);
  });
  try {
    child.send({ spec, options } satisfies ApartTask);
    const answer = await Promise.race([answered, exited]);
    signal.throwIfAborted();
    if ('result' in answer) return answer.result;
    if ('impossible' in answer) return answer;
    throw new Error(
      'failed' in answer
        ? answer.failed
        : `the process of this mode ended unexpectedly: ${answer.signal ?? `exit code ${answer.code}`}`,
    );
  } finally {
    signal.removeEventListener('abort', end);
    end();
    await exited;
  }
}
