/**
 * `ssebench run` sends each URL one request before any load, to report at once a URL that refuses
 * streams.
 */
import { failureInWords, requestFirst } from '../stream/first-request.ts';
import { terminalText } from '../report/shared/escape.ts';
import {
  runningUrls,
  stallAfterMs,
  type Scenario,
  type ServerUnderTest,
} from '../scenario/scenario.ts';
import type { Terminal } from './terminal.ts';

/** Even short streams can be answered late. */
const leastWaitMs = 5_000;
/** After this time, ssebench prints what it is waiting for. */
const quietMs = 1_000;

/**
 * The time that a stream of the run would wait for its headers: until it counts as stalled, or
 * until the run ends.
 */
function waitMs({ rampMs, warmUpMs, durationMs }: Scenario, intervalMs: number | null): number {
  return Math.max(leastWaitMs, Math.min(stallAfterMs(intervalMs), rampMs + warmUpMs + durationMs));
}

/**
 * Sends the first requests.
 *
 * @param waits called if the response headers of a server take long
 * @returns why servers do not answer with a stream, one line for each; empty if all do
 */
export async function unanswered(
  serversUnderTest: readonly ServerUnderTest[],
  scenario: Scenario,
  waits: (note: string) => void,
  signal: AbortSignal,
): Promise<string[]> {
  const answers = runningUrls(serversUnderTest).map(async ({ name, url, intervalMs, request }) => {
    const withinMs = waitMs(scenario, intervalMs);
    const waiting = setTimeout(
      () =>
        waits(
          `Waiting up to ${withinMs / 1_000} s for the response headers of ${terminalText(name)}. Use --no-probe to skip this request.`,
        ),
      quietMs,
    );
    const failure = await requestFirst({ url, request, withinMs }, signal);
    clearTimeout(waiting);
    return failure ? [`${terminalText(name)}: ${terminalText(failureInWords(failure))}.`] : [];
  });
  return (await Promise.all(answers)).flat();
}

/**
 * Prints each URL that does not answer with a stream, once.
 *
 * @returns why servers do not answer with a stream, as `unanswered`
 */
export async function printUnanswered(
  serversUnderTest: readonly ServerUnderTest[],
  scenario: Scenario,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<string[]> {
  const lines = await unanswered(serversUnderTest, scenario, terminal.note, signal);
  for (const line of lines) terminal.essential(line);
  if (lines.length > 0)
    terminal.essential('Nothing was measured. Use --no-probe to skip this first request.');
  return lines;
}
