/** `ssebench run`: measures servers, shows the comparison, and saves the result. */
import { join, relative, resolve } from 'node:path';
import { environment } from '../environment.ts';
import { exitCodes } from '../exit-codes.ts';
import { moveToCores } from '../launch.ts';
import { summarise } from '../measure/summary.ts';
import { formatRoughly } from '../report/format.ts';
import { progressLine, roundLine } from '../report/progress.ts';
import { terminalReport } from '../report/terminal.ts';
import { describeScenario } from '../report/words.ts';
import { schemaVersion, type RoundResult, type RunResult } from '../result.ts';
import type { RoundContext } from '../round/context.ts';
import { run, runContext, type RunPosition } from '../run.ts';
import { saveResult, whyNotWritable } from '../save.ts';
import { optionAsTyped, type Mentions } from '../scenario/complaint.ts';
import type { MachineLimits } from '../scenario/limits.ts';
import { readRunRequest, type RunRequest, type RunWords } from '../scenario/request.ts';
import { expectedMs, type Target } from '../scenario/scenario.ts';
import { headersWithoutSecrets } from '../scenario/secrets.ts';
import { placement } from '../target/cores.ts';
import { machineLimits } from '../target/limits.ts';
import { commandLine, defaultFolder, nameOf } from './naming.ts';
import { BadInput, type Terminal } from './terminal.ts';
import { createRunWatch } from './watch.ts';

export interface RunCommandWords extends RunWords {
  out: Mentions;
  json: boolean;
  /** About what was typed and is no option. */
  complaints: readonly string[];
}

const progressEveryMs = 500;

/**
 * @param signal asks for an early end
 * @returns the exit code
 * @throws BadInput
 */
export async function runCommand(words: RunCommandWords, terminal: Terminal, signal: AbortSignal): Promise<number> {
  const started = new Date();
  const limits = machineLimits();
  const out = words.out.at(-1);
  const folder = typeof out === 'string' ? resolve(out) : defaultFolder(words, started);
  const { targets, scenario } = readRequest(words, limits, folder);
  const cores = placement();
  const names = targets.map(({ name }) => name);
  const aboutMs = expectedMs(scenario, targets.length);
  terminal.note(
    `Measuring ${names.join(', ')}: ${describeScenario(scenario)}. About ${formatRoughly(aboutMs)}; Ctrl-C stops and keeps what was measured.`,
  );

  const head: RunResult = {
    schemaVersion,
    status: 'partial',
    name: nameOf(words),
    startedAt: started.toISOString(),
    command: commandLine(words, scenario.seed),
    targets: names,
    scenario: { ...scenario, headers: headersWithoutSecrets(scenario.headers) },
    environment: environment(names, limits, cores),
    rounds: [],
  };
  if (cores) moveToCores(cores.load);
  const context = runContext(scenario, limits, cores, signal);
  const { result, notSaved } = await follow(head, targets, context, folder, terminal, aboutMs);

  terminal.print(words.json ? JSON.stringify(result) : `\n${terminalReport(result, terminal)}`);
  if (notSaved === undefined) terminal.note(`\nThe whole of it: ${relative('.', join(folder, 'report.md'))}, and result.json beside it.`);
  else terminal.note(`The result could not be saved: ${notSaved}`);
  if (signal.aborted) return exitCodes.interrupted;
  if (notSaved !== undefined || result.rounds.some(({ state }) => state === 'failed')) return exitCodes.failure;
  return summarise(result).some(({ invalid }) => invalid) ? exitCodes.invalid : exitCodes.success;
}

function readRequest(words: RunCommandWords, limits: MachineLimits, folder: string): RunRequest {
  const complaints = [...words.complaints];
  const read = readRunRequest(words, limits);
  if ('complaints' in read) complaints.push(...read.complaints);
  for (const out of words.out) {
    if (out === true || out === '') complaints.push(`${optionAsTyped('--out', out)}: must be a folder, such as --out results/mine`);
  }
  const out = words.out.at(-1) ?? relative('.', folder);
  const reason = out === true || out === '' ? undefined : whyNotWritable(folder);
  if (reason !== undefined) complaints.push(`${optionAsTyped('--out', out)}: ${reason}; choose another folder`);
  if ('complaints' in read || complaints.length > 0) throw new BadInput(complaints);
  return read.request;
}

/** Runs, shows where it is, and saves after each round. */
async function follow(
  head: RunResult,
  targets: readonly Target[],
  context: Omit<RoundContext, 'onPhase'>,
  folder: string,
  terminal: Terminal,
  aboutMs: number,
): Promise<{ result: RunResult; notSaved: string | undefined }> {
  const { rounds } = context.scenario;
  const planned = targets.length * rounds;
  const watch = createRunWatch(rounds, aboutMs / planned, performance.now());
  let notSaved: string | undefined;
  const show = () => {
    const view = watch.view(performance.now());
    if (view && terminal.interactive) terminal.progress(progressLine(view));
  };
  const ticker = setInterval(show, progressEveryMs);
  const onPosition = (position: RunPosition) => {
    watch.position(position, performance.now());
    show(); // some phases are over before the ticker would show them
  };
  const onRound = (round: RoundResult, result: RunResult) => {
    const unwell = round.state === 'failed' || round.doubts.length > 0;
    if (!terminal.interactive || unwell) terminal.note(roundLine(round, result.rounds.length, planned));
    try {
      saveResult(folder, result);
      notSaved = undefined;
    } catch (error) {
      notSaved = (error as Error).message; // the run goes on: what it measures can still be shown
    }
  };
  try {
    return { result: await run(head, targets, context, { onPosition, onRound }), notSaved };
  } finally {
    clearInterval(ticker);
    terminal.progress('');
  }
}
