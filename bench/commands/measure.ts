/** Measures the servers of a run: all rounds, and then the leak check. */
import { startLive, type LiveView } from '../live/live.ts';
import { terminalText } from '../report/shared/escape.ts';
import type { ProgressView } from '../report/terminal/progress.ts';
import type { RoundResult, RunResult } from '../result/run-result.ts';
import { runContext } from '../run/run.ts';
import { expectedMs } from '../scenario/scenario.ts';
import { moveToCores } from '../system/launch.ts';
import { follow, type Followed } from './follow.ts';
import { checkForLeaks } from './leak-check.ts';
import type { CommandRequest } from './run-request.ts';
import type { Terminal } from './terminal.ts';

export interface Measuring {
  /** Where each round is saved; `null` saves nothing. */
  folder: string | null;
  /** Whether to serve the page during the run. */
  live: boolean;
  /** Called twice a second. */
  onView?: ((view: ProgressView) => void) | undefined;
  /** Called after each round with the result so far. */
  onRound?: ((round: RoundResult, result: RunResult) => void) | undefined;
}

export interface Measured extends Followed {
  /** The page of the run, which the caller ends. */
  live: LiveView | undefined;
}

/**
 * Moves this process to the cores of the load.
 *
 * @param signal ends the run early, with the result so far
 */
export async function measure(
  request: CommandRequest,
  { folder, live: showsLive, ...hooks }: Measuring,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<Measured> {
  const { serversUnderTest, scenario, limits, cores, notes, head, baseline } = request;
  const aboutMs = expectedMs(scenario, serversUnderTest.length);
  for (const note of notes) terminal.note(terminalText(note));
  if (cores) moveToCores(cores.load);
  const live = showsLive ? await startLive(head) : undefined;
  if (live) terminal.essential(`Live at ${live.url} until the run ends.`);
  const context = runContext(scenario, limits, cores, signal);
  const following = { folder, terminal, aboutMs, live, baseline, ...hooks };
  const { result, findings } = await follow(head, serversUnderTest, context, following);
  const judged = serversUnderTest.filter(({ name }) => name !== head.base);
  const leaks =
    request.leakCheck && !signal.aborted
      ? await checkForLeaks(judged, scenario.serverProcesses, terminal, signal)
      : [];
  return { result: { ...result, leaks }, findings, live };
}
