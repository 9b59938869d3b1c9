/** Describes how ssebench gets to the process of a server. Pure. */
import { commandInWords } from '../command-secrets.ts';
import { formatDuration } from '../duration.ts';
import type { OwnProcess } from '../scenario.ts';
import { textWithoutSecrets, urlWithoutSecrets } from '../secrets.ts';

/** Shows only the names of variables. */
export function processInWords(process: OwnProcess | null): string {
  if (process === null) return 'already runs; measured from outside only';
  if (process.kind === 'pid') return `process ${process.pid}, which ssebench does not restart`;
  const { command, cwd, env, readyWhen, readyWithinMs } = process;
  const variables = Object.keys(env);
  return [
    `started for each round with: ${commandInWords(command)}`,
    ...(cwd === null ? [] : [`in ${urlWithoutSecrets(cwd)}`]),
    ...(variables.length === 0 ? [] : [`with ${variables.join(', ')}`]),
    `ready within ${formatDuration(readyWithinMs)}, when it ${readyWhen === null ? 'listens' : `prints “${textWithoutSecrets(readyWhen)}”`}`,
  ].join('; ');
}
