/** Finds out why a checked server has ended. */
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from '../../system/processes.ts';
import type { CheckedServer } from './checked-server.ts';

/** How much later than the loss of its connections the end of a process can be noticed. */
const endsWithinMs = 500;

/**
 * The end of a server shows in several errors. The way its process ended is the most informative
 * one. Ends the inspection first, because Node does not exit while an inspector is connected.
 *
 * @param signal if it is aborted, the abort itself is the cause
 */
export async function causeOf(
  thrown: Error,
  server: CheckedServer,
  signal: AbortSignal,
): Promise<Error> {
  await server.inspection.end();
  return signal.aborted ? thrown : howItEnded(thrown, server);
}

/** @returns the end of the server as an error, or the thrown error if the server still runs */
export async function howItEnded(
  thrown: Error,
  { ended, whyEnded }: Pick<CheckedServer, 'ended' | 'whyEnded'>,
): Promise<Error> {
  const cause = await Promise.race([ended.catch((error: Error) => error), sleep(endsWithinMs)]);
  return cause ?? whyEnded() ?? thrown;
}

/** The last output of a command explains why it does not listen, or why its server has ended. */
export const withOutput = ({ message }: Error, lines: readonly string[]): Error =>
  new Error([message, ...(lines.length > 0 ? ['last output:', ...lines] : [])].join('\n  '));

/**
 * @param lines the last output of the command that started the processes
 * @returns an error if one of these processes has ended
 */
export function endOf(pids: readonly number[], lines: readonly string[]): Error | undefined {
  const pid = pids.find((each) => !isAlive(each));
  return pid === undefined
    ? undefined
    : withOutput(new Error(`process ${pid} of the server ended during the check`), lines);
}
