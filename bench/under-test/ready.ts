/** Waits until a command listens where its URL says. */
import { textWithoutSecrets } from '../scenario/secrets.ts';
import { within } from '../system/deadline.ts';
import { poll } from '../system/time.ts';
import type { Endpoint } from './endpoint.ts';

const pollMs = 50;
/** A server may print that it is ready shortly before it listens. */
const listensWithinMs = 2_000;
/** How long a port can stay in use after its server was ended. */
const freeWithinMs = 2_000;

/**
 * If another process already listened there, it would be mistaken for the server that the command
 * starts.
 *
 * @throws with the reason, for people
 */
export async function isFree(endpoint: Endpoint, signal: AbortSignal): Promise<void> {
  const isOpen = await poll(endpoint.isOpen, (open) => !open, {
    eachMs: pollMs,
    withinMs: freeWithinMs,
    signal,
  });
  if (!isOpen) return;
  const [pid] = endpoint.listeners([]);
  const by = pid === undefined ? 'another process' : `process ${pid}`;
  throw new Error(
    `${endpoint.words} is in use by ${by}; end that process, or use it instead of a command (run and leaks: --pid${pid === undefined ? '' : ` ${pid}`})`,
  );
}

/** When a command is ready: see `OwnProcess`. */
export interface Readiness {
  readyWhen: string | null;
  readyWithinMs: number;
}

/** @returns `onLine` for the output of the command, and a promise that it has printed the text */
export function watchOutput(readyWhen: string | null) {
  const { promise: printed, resolve } = Promise.withResolvers<void>();
  return {
    printed,
    onLine(line: string) {
      if (readyWhen !== null && line.includes(readyWhen)) resolve();
    },
  };
}

/**
 * Waits until a command is ready.
 *
 * @param printed resolves when it has printed `readyWhen`
 * @throws with the reason, for people
 */
export async function untilReady(
  endpoint: Endpoint,
  { readyWhen, readyWithinMs }: Readiness,
  printed: Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const late = `after ${readyWithinMs / 1000} s`;
  if (readyWhen !== null) {
    const message = `the command has not printed “${textWithoutSecrets(readyWhen)}” ${late}; check the text of readyWhen, or allow more time with readyWithin`;
    await within(readyWithinMs, message, printed, signal);
    await poll(endpoint.isOpen, Boolean, { eachMs: pollMs, withinMs: listensWithinMs, signal });
    return;
  }
  const options = { eachMs: pollMs, withinMs: readyWithinMs, signal };
  if (await poll(endpoint.isOpen, Boolean, options)) return;
  throw new Error(
    `the command does not listen on ${endpoint.words} ${late}; check the port of the URL, or allow more time with --ready-within`,
  );
}
