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
 * Prints each URL that does not answer with a stream, once.
 *
 * @returns whether all URLs among the servers answer with a stream
 */
export async function allAnswer(
  serversUnderTest: readonly ServerUnderTest[],
  scenario: Scenario,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<boolean> {
  const urls = runningUrls(serversUnderTest);
  const answers = urls.map(async ({ name, url, intervalMs, request }) => {
    const withinMs = waitMs(scenario, intervalMs);
    const waiting = setTimeout(
      () =>
        terminal.note(
          `Waiting up to ${withinMs / 1_000} s for the response headers of ${terminalText(name)}. Use --no-probe to skip this request.`,
        ),
      quietMs,
    );
    const failure = await requestFirst({ url, request, withinMs }, signal);
    clearTimeout(waiting);
    if (failure)
      terminal.essential(`${terminalText(name)}: ${terminalText(failureInWords(failure))}.`);
    return failure === undefined;
  });
  const allDo = (await Promise.all(answers)).every(Boolean);
  if (!allDo)
    terminal.essential('Nothing was measured. Use --no-probe to skip this first request.');
  return allDo;
}
