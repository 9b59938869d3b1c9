/** `ssebench run`: measures servers, shows the comparison, and saves the result. */
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { exitCodes } from '../exit-codes.ts';
import { moveToCores } from '../launch.ts';
import { startLive } from '../live/live.ts';
import { summarise } from '../measure/summary.ts';
import { jsonText, terminalText } from '../report/escape.ts';
import { formatRoughly } from '../report/format.ts';
import { planReport } from '../report/plan.ts';
import { comparisonMarkdown, comparisonReport } from '../report/results-comparison.ts';
import { terminalReport } from '../report/terminal.ts';
import { describeScenario, describeThreshold } from '../report/words.ts';
import type { RunResult } from '../result.ts';
import { orderOfRounds, runContext } from '../run.ts';
import { saveAll, saveResult, saveText } from '../save.ts';
import { expectedMs } from '../scenario/scenario.ts';
import { compareResults, outcomeOf } from '../verdict/comparison.ts';
import { judgeThresholds } from '../verdict/thresholds.ts';
import { baselineFolder } from './baseline.ts';
import { follow } from './follow.ts';
import { checkForLeaks } from './leak-check.ts';
import { readCommandRequest, type CommandRequest, type RunCommandWords } from './run-request.ts';
import type { Terminal } from './terminal.ts';

/**
 * @param signal asks for an early end
 * @returns the exit code
 * @throws BadInput
 */
export async function runCommand(words: RunCommandWords, terminal: Terminal, signal: AbortSignal): Promise<number> {
  const asked = await readCommandRequest(words, new Date());
  const { targets, scenario, limits, cores, head, folder } = asked;
  const aboutMs = expectedMs(scenario, targets.length);
  const context = runContext(scenario, limits, cores, signal);
  if (words.plan) {
    showPlan(asked, context.generators, aboutMs, words.json, terminal);
    return exitCodes.success;
  }
  const what = terminalText(`${head.targets.join(', ')}: ${describeScenario(scenario)}`);
  terminal.note(`Measuring ${what}. About ${formatRoughly(aboutMs)}; Ctrl-C stops and keeps what was measured.`);
  if (cores) moveToCores(cores.load);
  const live = words.live ? await startLive(head) : undefined;
  if (live) terminal.note(`Live at ${live.url} until the run ends.`);
  const { result: measured, notSaved } = await follow(head, targets, context, { folder, terminal, aboutMs, live });
  const leaks = asked.leakCheck && !signal.aborted ? await checkForLeaks(targets.filter(({ kind }) => kind === 'reference').map(({ name }) => name), terminal, signal) : [];
  const result = { ...measured, leaks };
  terminal.print(words.json ? jsonText(result) : `\n${terminalReport(result, terminal)}`);
  if (notSaved !== undefined) terminal.note(`The result could not be saved: ${terminalText(notSaved)}`);
  else if (trySaving(terminal, () => saveAll(folder, result))) {
    terminal.note(`\nThe whole of it: ${terminalText(relative('.', join(folder, 'report.html')))}, with report.md and result.json beside it.`);
  }
  await live?.end(result);
  if (words.json) for (const verdict of judgeThresholds(result)) terminal.note(terminalText(describeThreshold(verdict)));
  const { outcome, saved } = compareWithBaseline(asked, result, words.json, terminal);
  const code = signal.aborted ? exitCodes.interrupted : codeOf(result, notSaved === undefined && saved, outcome);
  if (asked.saveBaseline === undefined || keepAsBaseline(asked.saveBaseline, result, code, terminal)) return code;
  return code === exitCodes.success ? exitCodes.failure : code;
}

type Outcome = ReturnType<typeof outcomeOf>;

/** What went wrong before what cannot be believed, and that before what is not as it was expected. */
function codeOf(result: RunResult, saved: boolean, outcome: Outcome): number {
  if (!saved || result.rounds.some(({ state }) => state === 'failed')) return exitCodes.failure;
  const summaries = summarise(result);
  if (summaries.some(({ invalid }) => invalid) || outcome === 'unjudged') return exitCodes.invalid;
  const states = new Set(result.leaks.map(({ state }) => state));
  if (states.has('leaking') || states.has('odd')) return exitCodes.leaking;
  if (states.has('unknown')) return exitCodes.invalid;
  const unmet = judgeThresholds(result).some(({ state }) => state !== 'held');
  return unmet || outcome === 'failed' ? exitCodes.unmet : exitCodes.success;
}

function showPlan({ head, scenario, targets, leakCheck, folder, configFile, baseline, failOn, saveBaseline }: CommandRequest, generators: number, aboutMs: number, json: boolean, terminal: Terminal) {
  const order = orderOfRounds(targets, scenario.rounds, scenario.seed).map(({ target, round }) => ({ server: target.name, round }));
  const plan = { head, order, generators, expectedMs: aboutMs, leakCheck, folder: relative('.', folder), configFile, baseline: baseline?.name ?? null, failOn, saveBaseline };
  terminal.print(json ? jsonText(plan) : planReport(plan));
}

/** @returns `passed` also where there is nothing to compare with, or nobody asked for a comparison to fail */
function compareWithBaseline({ baseline, failOn, folder }: CommandRequest, result: RunResult, json: boolean, terminal: Terminal): { outcome: Outcome; saved: boolean } {
  if (!baseline) return { outcome: 'passed', saved: true };
  const comparison = compareResults(
    { name: baseline.name, result: baseline.result },
    { name: result.name, result },
    baseline.differences,
  );
  const show = json ? terminal.note : terminal.print;
  show(`\n${comparisonReport(comparison, terminal)}`);
  const saved = trySaving(terminal, () => saveText(join(folder, 'comparison.md'), comparisonMarkdown(comparison)));
  return { outcome: failOn === undefined ? 'passed' : outcomeOf(comparison.servers, failOn), saved };
}

/**
 * Only what can be relied on later: a comparison that failed must not become the measure of the next.
 *
 * @returns whether it could be saved, where it was to be
 */
function keepAsBaseline(name: string, result: RunResult, code: number, terminal: Terminal): boolean {
  if (code !== exitCodes.success) {
    terminal.note(`Not kept as the baseline ${name}: only a result that is complete, can be believed and is as it was expected is kept.`);
    return true;
  }
  const folder = baselineFolder(name);
  const words = existsSync(folder) ? 'In place of the one before, kept' : 'Kept';
  const saved = trySaving(terminal, () => saveResult(folder, result));
  if (saved) terminal.note(`${words} as the baseline ${name}, in ${folder}.`);
  return saved;
}

/** What was measured is shown and saved by now; that something beside it cannot be must not hide it. */
function trySaving(terminal: Terminal, save: () => void): boolean {
  try {
    save();
    return true;
  } catch (error) {
    terminal.note(`Could not be saved: ${terminalText((error as Error).message)}`);
    return false;
  }
}
