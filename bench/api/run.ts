/** `run`, the function. */
import { unanswered } from '../commands/first-requests.ts';
import { haveServers } from '../commands/install-servers.ts';
import { measure, type Measured } from '../commands/measure.ts';
import { mayStart } from '../commands/remote-load.ts';
import type { CommandRequest } from '../commands/run-request.ts';
import { keepAsBaseline, reportComparison } from '../commands/run.ts';
import type { Terminal } from '../commands/terminal.ts';
import { saveOrRescue } from '../commands/unwritten.ts';
import { runCiTexts, unansweredCiTexts } from '../report/ci/texts.ts';
import { terminalText } from '../report/shared/escape.ts';
import type { ProgressView } from '../report/terminal/progress.ts';
import { claimFolder } from '../report/writable.ts';
import { exitCodes, unlessUnsaved } from '../result/exit-codes.ts';
import type { RoundResult, RunResult } from '../result/run-result.ts';
import { BadInput } from '../scenario/complaint.ts';
import { coresOf } from '../system/cores.ts';
import { moveToCores } from '../system/launch.ts';
import { outcomeOf } from '../verdict/comparison.ts';
import { exitCodeOf } from '../verdict/exit-code.ts';
import { findingsOf } from '../verdict/findings.ts';
import { writeCiFiles } from './ci-files.ts';
import { guardCalls } from './guard-calls.ts';
import { quietTerminal } from './quiet-terminal.ts';
import { inProgramWords } from './program-words.ts';
import { runOutcome, type RunOutcome } from './run-outcome.ts';
import { readRunSettings, type RunProgress, type RunSettings } from './run-settings.ts';

/** See `run` of the package. */
export async function run(settings: RunSettings = {}): Promise<RunOutcome> {
  const request = readRunSettings(settings, new Date());
  const { probe = true, live = false } = settings;
  const { signal, guarded, rethrow } = guardCalls(settings.signal);
  const onNote = guarded((text: string) => settings.onNote?.(inProgramWords(text)));
  const terminal = quietTerminal(onNote);
  const { serversUnderTest } = request;
  const references = serversUnderTest.filter(({ kind }) => kind === 'reference');
  await haveServers(
    references.map(({ name }) => name),
    terminal,
    signal,
  );
  const folder = settings.out === undefined ? null : request.folder;
  const claim = folder === null ? undefined : claimFolder(folder, request.head);
  if (claim?.ok === false)
    throw new BadInput(claim.complaints.map((reason) => `out: ${reason}; choose another folder`));
  const cores = coresOf([process.pid]);
  try {
    const { scenario, head, remote } = request;
    await mayStart(remote.hosts, scenario, remote.isAllowed, terminal, signal);
    for (const note of request.firstNotes) terminal.note(terminalText(note));
    const unreachable = probe ? await unanswered(serversUnderTest, scenario, onNote, signal) : [];
    if (unreachable.length > 0 || signal.aborted) {
      const exitCode = signal.aborted ? exitCodes.interrupted : exitCodes.failure;
      if (!signal.aborted)
        writeCiFiles(request.files, unansweredCiTexts(head, unreachable), terminal);
      rethrow();
      return runOutcome(head, findingsOf(head), unreachable.map(inProgramWords), exitCode);
    }
    const hooks = {
      onView: guarded((view: ProgressView) => settings.onProgress?.(progressOf(view))),
      onRound: guarded((round: RoundResult, result: RunResult) =>
        settings.onRound?.(round, result),
      ),
    };
    const measured = await measure(request, { folder, live, ...hooks }, terminal, signal);
    const exitCode = save(request, measured, folder, terminal, signal);
    await measured.live?.end(measured.result, measured.findings);
    rethrow();
    return runOutcome(measured.result, measured.findings, [], exitCode);
  } finally {
    if (claim?.ok) claim.value.release();
    if (request.cores && cores) moveToCores(cores);
  }
}

/** Saves what the settings ask for. */
function save(
  request: CommandRequest,
  { result, findings }: Measured,
  folder: string | null,
  terminal: Terminal,
  signal: AbortSignal,
) {
  const outcome = outcomeOf(findings.judged, request.failOn);
  const areSaved =
    folder === null ||
    (saveOrRescue(folder, result, findings, true, terminal) &&
      reportComparison(request, result, findings, true, terminal).saved);
  const texts = runCiTexts(result, findings, request.failOn, signal.aborted);
  const areWritten = writeCiFiles(request.files, texts, terminal);
  const judged = signal.aborted ? exitCodes.interrupted : exitCodeOf(result, findings, outcome);
  const code = unlessUnsaved(judged, areSaved && areWritten);
  return unlessUnsaved(code, keepAsBaseline(request, result, findings, code, terminal));
}

const progressOf = ({ server, round, rounds, phase, load, leftMs }: ProgressView): RunProgress => ({
  server,
  round,
  rounds,
  phase,
  openStreams: load.open,
  eventsPerSecond: load.eventsPerSecond,
  leftMs,
});
