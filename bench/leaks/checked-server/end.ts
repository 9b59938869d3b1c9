/** Finds out why a checked server has ended. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { DisconnectMode } from '../../scenario/disconnect-modes.ts';
import { isAlive } from '../../system/processes.ts';
import type { CheckedServer } from './checked-server.ts';

/** A server has ended by itself during a check. Its message has the last output. */
export class ServerEnded extends Error {
  /**
   * The mode in which clients disconnected just before; several if only one of them can be the
   * cause; empty if no client had connected yet.
   */
  readonly during: readonly DisconnectMode[];

  constructor(message: string, during: readonly DisconnectMode[]) {
    super(message);
    this.during = during;
  }
}

/** How much later than the loss of its connections the end of a process can be noticed. */
const endsWithinMs = 500;

/**
 * The end of a server shows in several errors. The way its process ended is the most informative
 * one. Ends the inspection first, because Node does not exit while an inspector is connected.
 *
 * @param during the modes whose clients may be the cause
 * @param signal if it is aborted, the abort itself is the cause
 * @returns `ServerEnded` if the server has ended
 */
export async function causeOf(
  thrown: Error,
  server: CheckedServer,
  during: readonly DisconnectMode[],
  signal: AbortSignal,
): Promise<Error> {
  await server.inspection.end();
  if (signal.aborted) return thrown;
  const end = await endIn(server);
  return end === undefined ? thrown : new ServerEnded(end.message, during);
}

/** @returns the end of the server as an error, or the thrown error if the server still runs */
export const howItEnded = async (
  thrown: Error,
  server: Pick<CheckedServer, 'ended' | 'whyEnded'>,
): Promise<Error> => (await endIn(server)) ?? thrown;

async function endIn({
  ended,
  whyEnded,
}: Pick<CheckedServer, 'ended' | 'whyEnded'>): Promise<Error | undefined> {
  const cause = await Promise.race([ended.catch((error: Error) => error), sleep(endsWithinMs)]);
  return cause ?? whyEnded();
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
