/** Executes a run, shows its progress, and saves after each round. */
import { runCapacity } from '../run/capacity/capacity.ts';
import type { LiveView } from '../live/live.ts';
import { terminalText } from '../report/shared/escape.ts';
import { progressLine, roundLine, type ProgressView } from '../report/terminal/progress.ts';
import type { RoundResult, RunResult } from '../result/run-result.ts';
import type { RoundContext } from '../run/round/context.ts';
import { run, type RunPosition } from '../run/run.ts';
import { saveResult } from '../report/save.ts';
import { whyNot } from '../report/save-text.ts';
import { expectedRounds, type ServerUnderTest } from '../scenario/scenario.ts';
import type { Terminal } from './terminal.ts';
import { findingsOf, type Baseline, type Findings } from '../verdict/findings.ts';
import { createRunWatch } from './run-progress.ts';

const progressEveryMs = 500;
const liveEveryMs = 1_000;

interface Following {
  /** Where each round is saved; `null` saves nothing. */
  folder: string | null;
  /** Called twice a second, and at the start of each phase. */
  onView?: ((view: ProgressView) => void) | undefined;
  /** Called after each round with the result so far. */
  onRound?: ((round: RoundResult, result: RunResult) => void) | undefined;
  terminal: Terminal;
  /** Expected duration of the run, as far as it can be estimated. */
  aboutMs: number;
  live: LiveView | undefined;
  /** The result to compare with. */
  baseline: Baseline | undefined;
}

export interface Followed {
  result: RunResult;
  findings: Findings;
}

/** @returns the result with its findings; the caller saves the final state */
export async function follow(
  head: RunResult,
  serversUnderTest: readonly ServerUnderTest[],
  context: Omit<RoundContext, 'onPhase'>,
  { folder, terminal, aboutMs, live, baseline, ...hooks }: Following,
): Promise<Followed> {
  const isSearch = context.scenario.load.kind === 'search';
  const rounds = expectedRounds(context.scenario);
  const planned = serversUnderTest.length * rounds;
  let done = 0;
  const watch = createRunWatch(
    rounds,
    aboutMs / (isSearch ? serversUnderTest.length : planned),
    performance.now(),
  );
  const show = () => {
    const view = watch.view(performance.now());
    if (view && terminal.interactive) terminal.progress(progressLine(view));
    if (view) hooks.onView?.(view);
  };
  const ticker = setInterval(show, progressEveryMs);
  const liveTicker = setInterval(() => {
    const view = watch.view(performance.now());
    if (view) live?.progress(progressLine(view));
  }, liveEveryMs);
  const onPosition = (position: RunPosition) => {
    watch.position(position, performance.now());
    show(); // some phases are shorter than the ticker's period
  };
  let latest: Followed | undefined;
  const judged = (result: RunResult): Followed =>
    latest?.result === result ? latest : { result, findings: findingsOf(result, baseline) };
  const onRound = (round: RoundResult, result: RunResult) => {
    const { findings } = (latest = judged(result));
    const unwell = round.state === 'failed' || round.doubts.length > 0;
    watch.round(round);
    const line = roundLine(round, ++done, isSearch ? undefined : planned);
    if (!terminal.interactive || unwell) terminal.note(terminalText(line));
    const notSaved =
      folder === null ? undefined : whyNot(() => saveResult(folder, result, findings));
    // The run continues: its result can still be shown, and the disk can have space again later.
    if (notSaved !== undefined)
      terminal.essential(
        `The result of this round could not be saved (${terminalText(notSaved)}). ssebench keeps it in memory, and saves it with the next round.`,
      );
    live?.update(result, findings);
    hooks.onRound?.(round, result);
  };
  try {
    const measure = isSearch ? runCapacity : run;
    return judged(await measure(head, serversUnderTest, context, { onPosition, onRound }));
  } finally {
    clearInterval(ticker);
    clearInterval(liveTicker);
    terminal.progress('');
  }
}
