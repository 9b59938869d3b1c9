/** `ssebench run`: measures servers, prints the comparison, and saves the result. */
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { exitCodes, unlessUnsaved } from '../result/exit-codes.ts';
import { jsonText, terminalText } from '../report/shared/escape.ts';
import { formatRoughly } from '../report/shared/format.ts';
import { comparisonReport } from '../report/shared/results-comparison.ts';
import { terminalReport } from '../report/terminal/terminal.ts';
import { describeScenario } from '../report/shared/scenario-words.ts';
import { describeKindVerdict, describeThreshold } from '../report/shared/verdict-words.ts';
import type { RunResult } from '../result/run-result.ts';
import { runCiTexts, unansweredCiTexts, type CiTexts } from '../report/ci/texts.ts';
import { filesAt } from '../report/formats.ts';
import { saveFormats, saveResult } from '../report/save.ts';
import { whyNot } from '../report/save-text.ts';
import { visible } from '../scenario/complaint.ts';
import { expectedMs } from '../scenario/scenario.ts';
import { outcomeOf, type Outcome } from '../verdict/comparison.ts';
import { stepAfterSmallLoad } from '../scenario/small-load.ts';
import { exitCodeOf } from '../verdict/exit-code.ts';
import type { Findings } from '../verdict/findings.ts';
import { claimFolder } from '../report/writable.ts';
import { baselineFolder } from './baseline.ts';
import { printUnanswered } from './first-requests.ts';
import { writeForCi } from './ci-output.ts';
import { haveServers } from './install-servers.ts';
import { measure } from './measure.ts';
import { mayStart } from './remote-load.ts';
import type { RunCommandWords } from './run-command-words.ts';
import type { CommandRequest } from './run-request.ts';
import { BadInput, type Terminal } from './terminal.ts';
import { describeUnwritten, saveOrRescue } from './unwritten.ts';

/**
 * @param signal ends the run early
 * @returns the exit code
 * @throws BadInput
 */
export async function runCommand(
  request: CommandRequest,
  words: RunCommandWords,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const { serversUnderTest, scenario, head, folder } = request;
  const aboutMs = expectedMs(scenario, serversUnderTest.length);
  const references = serversUnderTest.flatMap(({ kind, name }) =>
    kind === 'reference' ? name : [],
  );
  if (!(await haveServers(references, terminal, signal)))
    return signal.aborted ? exitCodes.interrupted : exitCodes.badInput;
  const claim = claimFolder(folder, head);
  if (!claim.ok)
    throw new BadInput(
      claim.complaints.map(
        (reason) => `--out ${visible(relative('.', folder))}: ${reason}; choose another folder`,
      ),
    );
  const { hosts, isAllowed } = request.remote;
  if (!(await mayStart(hosts, scenario, isAllowed, terminal, signal))) {
    claim.value.release();
    return signal.aborted ? exitCodes.interrupted : exitCodes.badInput;
  }
  process.on('exit', claim.value.release); // also runs if a second Ctrl-C ends the process
  for (const note of request.firstNotes) terminal.note(terminalText(note));
  const writeAllForCi = (texts: CiTexts) =>
    writeForCi(request.files, texts, { json: words.json, what: 'verdicts' }, terminal);
  const lines = words.probe
    ? await printUnanswered(serversUnderTest, scenario, terminal, signal)
    : [];
  if (lines.length > 0) {
    if (!signal.aborted) writeAllForCi(unansweredCiTexts(head, lines));
    return exitCodes.failure;
  }
  if (signal.aborted) return exitCodes.interrupted;
  const what = terminalText(`${head.servers.join(', ')}: ${describeScenario(scenario)}`);
  terminal.note(
    `Measuring ${what}. About ${formatRoughly(aboutMs)}; Ctrl-C stops the run and keeps the results so far.`,
  );
  const { result, findings, live } = await measure(
    request,
    { folder, live: words.live },
    terminal,
    signal,
  );
  terminal.print(words.json ? jsonText(result) : `\n${terminalReport(result, findings, terminal)}`);
  const isSaved = saveOrRescue(folder, result, findings, words.json, terminal);
  if (isSaved) {
    const { first, others } = filesAt('end');
    terminal.note(
      `\nFull report: ${terminalText(relative('.', join(folder, first)))} (same folder: ${others}).`,
    );
  }
  if (!words.json && !signal.aborted)
    for (const step of stepAfterSmallLoad(request.smallLoad)) terminal.note(step);
  await live?.end(result, findings);
  if (words.json) showVerdicts(findings, terminal);
  const { outcome, saved } = reportComparison(request, result, findings, words.json, terminal);
  const areWritten = writeAllForCi(runCiTexts(result, findings, request.failOn, signal.aborted));
  const judged = signal.aborted ? exitCodes.interrupted : exitCodeOf(result, findings, outcome);
  const code = unlessUnsaved(judged, isSaved && saved && areWritten);
  return unlessUnsaved(code, keepAsBaseline(request, result, findings, judged, terminal));
}

/**
 * With `--json`, stdout has only the result, so the verdicts go to stderr. `--quiet` hides only
 * those that passed.
 */
export function showVerdicts(
  { kindVerdicts, thresholds }: Pick<Findings, 'kindVerdicts' | 'thresholds'>,
  terminal: Terminal,
): void {
  const show = (passed: boolean, line: string) =>
    (passed ? terminal.note : terminal.essential)(terminalText(line));
  for (const verdict of kindVerdicts) show(verdict.passed, describeKindVerdict(verdict));
  for (const verdict of thresholds) show(verdict.state === 'held', describeThreshold(verdict));
}

/**
 * Prints the comparison with the baseline, if there is one, and saves it. `--quiet` does not hide
 * it, because the user asked for it.
 *
 * @returns the outcome for `--fail-on`, also without a baseline; `passed` if it was not given
 */
export function reportComparison(
  { failOn, folder }: Pick<CommandRequest, 'failOn' | 'folder'>,
  result: RunResult,
  findings: Findings,
  json: boolean,
  terminal: Terminal,
): { outcome: Outcome; saved: boolean } {
  const { againstBaseline } = findings;
  const outcome = outcomeOf(findings.judged, failOn);
  if (!againstBaseline) return { outcome, saved: true };
  const show = json ? terminal.essential : terminal.print;
  show(`\n${comparisonReport(againstBaseline, terminal)}`);
  const unwritten = saveFormats('comparison', folder, result, findings);
  for (const each of unwritten)
    terminal.essential(
      `${describeUnwritten(each, folder)}; run ssebench compare on the two results instead.`,
    );
  return { outcome, saved: unwritten.length === 0 };
}

/**
 * Saves the result as a baseline if the request says so, unless the run failed: an unreliable
 * result must not become the standard for later runs.
 *
 * @returns whether it could be saved, if it was to be saved
 */
export function keepAsBaseline(
  { saveBaseline: name }: Pick<CommandRequest, 'saveBaseline'>,
  result: RunResult,
  findings: Findings,
  code: number,
  terminal: Terminal,
): boolean {
  if (name === undefined) return true;
  if (code !== exitCodes.success) {
    terminal.essential(
      `Baseline ${name} not saved: the exit code is ${code}, and a baseline needs exit code 0.`,
    );
    return true;
  }
  const folder = baselineFolder(name);
  const words = existsSync(folder) ? 'Replaced' : 'Saved';
  const reason = whyNot(() => saveResult(folder, result, findings));
  const show = reason === undefined ? terminal.note : terminal.essential;
  show(
    reason === undefined
      ? `${words} the baseline ${name} in ${folder}.`
      : `Baseline ${name} could not be written to ${folder} (${reason}); free some space, then run ssebench again.`,
  );
  return reason === undefined;
}
