/** `ssebench run`: measures servers, shows the comparison, and saves the result. */
import { join, relative, resolve } from 'node:path';
import { environment } from '../environment.ts';
import { exitCodes } from '../exit-codes.ts';
import { generatorsFor } from '../load/fleet.ts';
import { machineClock } from '../measure/clock.ts';
import { formatRoughly } from '../report/format.ts';
import { progressLine, roundLine } from '../report/progress.ts';
import { saveResult, whyNotWritable } from '../report/save.ts';
import { terminalReport } from '../report/terminal.ts';
import { describeScenario } from '../report/words.ts';
import { schemaVersion, type RoundResult, type RunResult } from '../result.ts';
import { run } from '../run.ts';
import { localAddressesFor, machineLimits } from '../scenario/limits.ts';
import { flagOf, readRunRequest, runOptions, type RunRequest, type RunWords } from '../scenario/request.ts';
import { expectedMs } from '../scenario/scenario.ts';
import { placement } from '../target/cores.ts';
import { moveToCores } from '../target/launch.ts';
import { BadInput, type Terminal } from './terminal.ts';
import { createRunWatch } from './watch.ts';

export interface RunCommandWords extends RunWords {
  out: string | true | undefined;
  json: boolean;
  /** What was typed and is no option at all. */
  unknown: readonly string[];
}

const progressEveryMs = 500;
const limits = machineLimits();

/**
 * @param signal asks for an early end
 * @returns the exit code
 * @throws BadInput
 */
export async function runCommand(words: RunCommandWords, terminal: Terminal, signal: AbortSignal): Promise<number> {
  const { targets, scenario } = readRequest(words);
  const folder = folderFor(words);
  const cores = placement();
  const names = targets.map(({ name }) => name);
  const aboutMs = expectedMs(scenario, targets.length);
  terminal.note(
    `Measuring ${names.join(', ')}: ${describeScenario(scenario)}. About ${formatRoughly(aboutMs)}; Ctrl-C stops and keeps what was measured.`,
  );

  const head: RunResult = {
    schemaVersion,
    status: 'running',
    name: nameOf(words),
    startedAt: new Date().toISOString(),
    command: commandLine(words, scenario.seed),
    targets: names,
    scenario: { ...scenario, headers: withoutSecrets(scenario.headers) },
    environment: environment(names, limits, cores),
    rounds: [],
  };
  if (cores) moveToCores(cores.load);
  const { result, notSaved } = await follow(head, { targets, scenario }, folder, terminal, signal, aboutMs);

  terminal.print(words.json ? JSON.stringify(result) : `\n${terminalReport(result, terminal)}`);
  if (notSaved === undefined) terminal.note(`\nThe whole of it: ${relative('.', join(folder, 'report.md'))}, and result.json beside it.`);
  else terminal.note(`The result could not be saved: ${notSaved}`);
  if (signal.aborted) return exitCodes.interrupted;
  return notSaved !== undefined || result.rounds.some(({ state }) => state === 'failed') ? exitCodes.failure : exitCodes.success;
}

function readRequest(words: RunCommandWords): RunRequest {
  const complaints = words.unknown.map((text) => `${text}: no such option; see ssebench run --help`);
  const read = readRunRequest(words, limits);
  if ('complaints' in read) complaints.push(...read.complaints);
  const reason = words.out === true ? 'must be a folder, such as --out results/mine' : whyNotWritable(folderFor(words));
  if (reason !== undefined) complaints.push(`--out ${words.out}: ${reason}; choose another folder`);
  if ('complaints' in read || complaints.length > 0) throw new BadInput(complaints);
  return read.request;
}

/** Runs, shows where it is, and saves after each round. */
async function follow(
  head: RunResult,
  { targets, scenario }: RunRequest,
  folder: string,
  terminal: Terminal,
  signal: AbortSignal,
  aboutMs: number,
) {
  const planned = targets.length * scenario.rounds;
  const watch = createRunWatch(scenario.rounds, aboutMs / planned, performance.now());
  let notSaved: string | undefined;
  const ticker = setInterval(() => {
    const view = watch.view(performance.now());
    if (view && terminal.interactive) terminal.progress(progressLine(view));
  }, progressEveryMs);

  const onRound = (round: RoundResult, result: RunResult) => {
    if (!terminal.interactive || round.state === 'failed') terminal.note(roundLine(round, result.rounds.length, planned));
    try {
      saveResult(folder, result);
      notSaved = undefined;
    } catch (error) {
      notSaved = (error as Error).message; // the run goes on: what it measures can still be shown
    }
  };
  const all = scenario.streams + scenario.quietStreams;
  const host = targets.map((target) => (target.kind === 'url' ? new URL(target.url).hostname : '127.0.0.1'));
  const cores = head.environment.placement ?? undefined;
  const eventsPerSecond = scenario.streams / ((scenario.intervalMs ?? 1000) / 1000);
  const context = {
    scenario,
    generators: generatorsFor({ streams: all, eventsPerSecond }, { ...limits, loadCores: cores?.load.length }),
    localAddresses: host.every((name) => name.startsWith('127.')) ? localAddressesFor('127.0.0.1', all, limits) : [undefined],
    placement: cores,
    clock: machineClock(),
    signal,
  };
  try {
    const onPosition = (position: Parameters<typeof watch.position>[0]) => watch.position(position, performance.now());
    return { result: await run(head, targets, context, { onPosition, onRound }), notSaved };
  } finally {
    clearInterval(ticker);
    terminal.progress('');
  }
}

function nameOf({ servers }: RunWords): string {
  const name = servers.length > 0 ? servers.join('-') : 'all';
  return name.replace(/^https?:\/\//, '').replace(/[^a-zA-Z0-9.-]+/g, '-').slice(0, 60);
}

let defaultFolder: string | undefined;
function folderFor(words: RunCommandWords): string {
  if (typeof words.out === 'string') return resolve(words.out);
  const date = new Date().toISOString().slice(0, 19).replace('T', '-').replaceAll(':', '');
  return resolve((defaultFolder ??= join('results', `${date}-${nameOf(words)}`)));
}

const secret = /auth|cookie|token|key|secret|session/i;
const hidden = '(not saved)';

function withoutSecrets(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, secret.test(name) ? hidden : value]));
}

/** The command that repeats the run, with its seed, and without what is nobody's business. */
function commandLine({ servers, options, headers }: RunWords, seed: number): string {
  const quoted = (text: string) => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
  const said = Object.entries(runOptions).flatMap(([name, option]) => {
    const text = name === 'seed' ? String(seed) : options[name];
    return typeof text === 'string' ? [flagOf(option), text] : [];
  });
  const lines = headers.flatMap((line) => {
    const name = String(line).split(':')[0] ?? '';
    return ['--header', secret.test(name) ? `${name}: ${hidden}` : String(line)];
  });
  return ['npm run bench --', ...[...servers, ...said, ...lines].map(quoted)].join(' ');
}
