/** Tries a mode in a process that has a network of its own, with a server that is started there. */
import { once } from 'node:events';
import { launch, programBeside } from '../../system/launch.ts';
import type { CheckOptions } from '../check-options.ts';
import { inOwnNetwork } from './network.ts';
import type { CheckResult } from '../../result/leak-result.ts';
import type { SubjectSpec } from '../server-under-test.ts';

export interface ApartTask {
  spec: SubjectSpec;
  /** With one mode. */
  options: CheckOptions;
}

/** `impossible`: there is no such network, or the server does not come up there: it may need what is not in it. */
export type FromApart = { result: CheckResult } | { impossible: string } | { failed: string };

/**
 * @returns the result, or why there can be none
 * @throws where the check failed
 */
export async function tryApart(
  spec: SubjectSpec,
  options: CheckOptions,
  signal: AbortSignal,
): Promise<CheckResult | { impossible: string }> {
  const file = programBeside(import.meta.url, 'process');
  const child = launch(inOwnNetwork([process.execPath, file]), {
    cores: undefined,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  // Not its 'close', which does not come once we have closed the channel.
  const exited = once(child, 'exit').then(([code, by]) => ({
    code: code as number | null,
    signal: by as string | null,
  }));
  // It ends what it has started, and then itself.
  const end = () => void (child.connected && child.disconnect());
  signal.addEventListener('abort', end);
  try {
    child.send({ spec, options } satisfies ApartTask);
    const answer = await Promise.race([
      once(child, 'message').then(([message]) => message as FromApart),
      exited,
    ]);
    signal.throwIfAborted();
    if ('result' in answer) return answer.result;
    if ('impossible' in answer) return answer;
    throw new Error(
      'failed' in answer
        ? answer.failed
        : `its process ended: ${answer.signal ?? `exit code ${answer.code}`}`,
    );
  } finally {
    signal.removeEventListener('abort', end);
    end();
    await exited;
  }
}
