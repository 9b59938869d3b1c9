/** `ssebench run` asks each URL once before any load, so that one that refuses streams is reported at once. */
import { failureInWords, requestFirst } from '../stream/first-request.ts';
import { streamHeaders } from '../stream/stream-headers.ts';
import { terminalText } from '../report/shared/escape.ts';
import { stallAfterMs, type Scenario, type Target } from '../scenario/scenario.ts';
import type { Terminal } from './terminal.ts';

/** Even streams that are soon over may be answered late. */
const leastWaitMs = 5_000;
/** After that long, somebody wants to know what is waited for. */
const quietMs = 1_000;

/** As long as a stream waits for its headers: until it counts as stalled, or the run is over. */
function waitMs({ rampMs, warmUpMs, durationMs }: Scenario, intervalMs: number | null): number {
  return Math.max(leastWaitMs, Math.min(stallAfterMs(intervalMs), rampMs + warmUpMs + durationMs));
}

/** @returns whether all URLs among the targets answer with a stream; each that does not is printed, once */
export async function allAnswer(
  targets: readonly Target[],
  scenario: Scenario,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<boolean> {
  const asked = targets.flatMap((target) => (target.kind === 'url' ? [target] : []));
  const answers = asked.map(async ({ name, url, intervalMs }) => {
    const withinMs = waitMs(scenario, intervalMs);
    const waiting = setTimeout(
      () =>
        terminal.note(
          `Waiting for the headers of ${terminalText(name)}, as long as a stream would: up to ${withinMs / 1_000} s. --no-probe starts without them.`,
        ),
      quietMs,
    );
    const failure = await requestFirst(
      { url, headers: streamHeaders(url, scenario.headers), withinMs },
      signal,
    );
    clearTimeout(waiting);
    if (failure) terminal.note(`${terminalText(name)}: ${terminalText(failureInWords(failure))}.`);
    return failure === undefined;
  });
  const allDo = (await Promise.all(answers)).every(Boolean);
  if (!allDo)
    terminal.note('Nothing was measured. --no-probe measures without this first request.');
  return allDo;
}
