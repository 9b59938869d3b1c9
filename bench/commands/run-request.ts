/**
 * The request of `ssebench run`, from the command line and the config file, or all complaints
 * about it.
 */
import { relative, resolve } from 'node:path';
import { environment } from '../run/environment.ts';
import { schemaVersion, type RunResult } from '../result/run-result.ts';
import { whyNotWritable } from '../report/writable.ts';
import {
  accepted,
  complaintsOf,
  readMentions,
  refused,
  visible,
  type Checked,
  type Mentions,
} from '../scenario/complaint.ts';
import { withFile, withNamedScenario } from '../scenario/merge-words.ts';
import type { MachineLimits } from '../scenario/limits.ts';
import { namedScenarios } from '../scenario/named-scenarios.ts';
import { readRunRequest, type RunRequest } from '../scenario/request.ts';
import { requestsFor } from '../scenario/requests-of-file.ts';
import type { RunWords } from '../scenario/run-words.ts';
import { hasProcess, type Scenario, type ServerUnderTest } from '../scenario/scenario.ts';
import { baseName } from '../scenario/own-servers/base.ts';
import { settingsOf } from '../scenario/server-settings.ts';
import { smallLoadInWords, type SmallLoad } from '../scenario/small-load.ts';
import { headersWithoutSecrets } from '../scenario/command-secrets.ts';
import type { Placement } from '../system/cores.ts';
import { machineLimits } from '../system/machine-limits.ts';
import type { FailOn } from '../verdict/comparison.ts';
import type { Baseline } from '../verdict/findings.ts';
import { readThreshold } from '../verdict/thresholds.ts';
import {
  compareConditions,
  readBaseline,
  readSaveBaseline,
  type SavedBaseline,
} from './baseline.ts';
import { readCiFiles, type CiFiles } from './ci-output.ts';
import { loadConfig, type ConfigFile } from './config-file.ts';
import { readFailOn, whyNoVerdicts } from './fail-on.ts';
import { platformNotes } from './platform.ts';
import { commandLine, defaultFolder, nameOf } from './run-name.ts';
import { manyProcessesInWords } from './many-processes.ts';
import { placeFor } from './pinning.ts';
import { remoteHosts } from './remote-load.ts';
import type { RunCommandWords } from './run-command-words.ts';
import { attributedToScenario, tooMany, whyNotTogether } from './run-complaints.ts';
import { BadInput } from './terminal.ts';

export interface CommandRequest {
  serversUnderTest: ServerUnderTest[];
  scenario: Scenario;
  limits: MachineLimits;
  cores: Placement | undefined;
  /** Notes to print before the first request: what this run lacks, or does not send. */
  firstNotes: readonly string[];
  /** Notes to print before the start. */
  notes: readonly string[];
  /** The result before the first round. */
  head: RunResult;
  /** Hosts that are not on this machine, and whether the load may go there without a question. */
  remote: { hosts: readonly string[]; isAllowed: boolean };
  /** The options with the small default of URLs. */
  smallLoad: SmallLoad;
  /** Whether to check for leaks after the measurement. */
  leakCheck: boolean;
  /** The folder of the result. */
  folder: string;
  /** The config file that was read, or `null`. */
  configFile: string | null;
  baseline: Baseline | undefined;
  saveBaseline: string | undefined;
  failOn: FailOn | undefined;
  /** The files for CI systems. */
  files: CiFiles;
}

/**
 * @param signal stops waiting for the config file
 * @throws BadInput
 */
export async function readCommandRequest(
  typed: RunCommandWords,
  started: Date,
  signal: AbortSignal,
): Promise<CommandRequest> {
  return requestOf(typed, await loadConfig(typed.config, signal), started);
}

/**
 * @param config the config file, or the settings of a program
 * @param given a baseline that a program gives; otherwise it is read by its name
 * @throws BadInput
 */
export function requestOf(
  typed: RunCommandWords,
  config: Pick<ConfigFile, 'file' | 'words' | 'complaints'>,
  started: Date,
  given?: SavedBaseline,
): CommandRequest {
  const ofFile = requestsFor(typed.servers, typed.options.url, config.words, `${config.file}`);
  const words = withFile(typed, ofFile.words);
  const limits = machineLimits();
  const loaded = withNamedScenario(words);
  const read = readRunRequest(loaded, limits, (known) =>
    whyNotTogether(known, typed, words, loaded),
  );
  const usual = defaultFolder(words, started);
  const folder = typed.savesNothing ? accepted(usual) : readFolder(typed.out, usual, typed.plan);
  const saveBaseline = readSaveBaseline(typed.saveBaseline, typed.plan);
  const failOn = readFailOn(typed.failOn);
  const baseline = given ? accepted(given) : readBaseline(typed);
  const known = read.ok ? placed(read.value, { words, loaded, typed, limits, started }) : undefined;
  const compared =
    known && baseline.ok && baseline.value
      ? compareConditions(baseline.value, known, typed.anyway, failOn.ok ? failOn.value : undefined)
      : accepted(undefined);
  const files = readCiFiles(typed, 'results/run', typed.plan);
  const complaints = [
    ...typed.complaints,
    ...config.complaints,
    ...ofFile.complaints,
    ...complaintsOf(read).map((complaint) => attributedToScenario(complaint, words, loaded)),
    ...complaintsOf(readMentions('--expect', words.expect, readThreshold)),
    ...tooMany('servers', words.servers.length),
    ...tooMany('expectations', words.expect.length),
    ...complaintsOf(folder, saveBaseline, baseline, failOn, files, compared),
    ...(read.ok && typed.baseline.length === 0 && !given
      ? whyNoVerdicts(failOn.ok ? failOn.value : undefined, read.value)
      : []),
  ];
  const areAllRead =
    read.ok && folder.ok && saveBaseline.ok && baseline.ok && failOn.ok && compared.ok;
  if (!areAllRead || !files.ok || !known || complaints.length > 0) throw new BadInput(complaints);
  const { serversUnderTest, scenario, smallLoad } = read.value;
  const { head, cores, notes } = known;
  const leakCheck =
    typed.leakCheck ||
    (scenario.name !== null &&
      namedScenarios[scenario.name]!.leakCheck === true &&
      serversUnderTest.some(hasProcess));
  return {
    serversUnderTest,
    scenario,
    limits,
    cores,
    firstNotes: [...platformNotes(process.platform), ...ofFile.notes],
    notes: [...smallLoadInWords(smallLoad), ...notes],
    head,
    remote: {
      hosts: remoteHosts(serversUnderTest),
      isAllowed: words.options.allowRemote !== undefined,
    },
    smallLoad,
    leakCheck,
    folder: folder.value,
    configFile: config.file,
    baseline: compared.value,
    saveBaseline: saveBaseline.value,
    failOn: failOn.value,
    files: files.value,
  };
}

/** The request on this machine, and the result before its first round. */
function placed(
  { serversUnderTest, scenario, against }: RunRequest,
  {
    words,
    loaded,
    typed,
    limits,
    started,
  }: {
    words: RunWords;
    loaded: RunWords;
    typed: RunCommandWords;
    limits: MachineLimits;
    started: Date;
  },
): Pick<CommandRequest, 'serversUnderTest' | 'head' | 'cores' | 'notes'> {
  const { cores, notes } = placeFor(serversUnderTest, scenario.serverProcesses);
  const names = serversUnderTest.map(({ name }) => name);
  const head: RunResult = {
    schemaVersion,
    status: 'partial',
    name: nameOf(words),
    startedAt: started.toISOString(),
    command: commandLine(words, scenario.seed, typed),
    servers: names,
    against,
    ...(words.options.base !== undefined && { base: baseName }),
    expect: loaded.expect.map(String),
    scenario: { ...scenario, headers: headersWithoutSecrets(scenario.headers) },
    settings: settingsOf(serversUnderTest, scenario),
    environment: environment(names, limits, cores),
    rounds: [],
    capacity: [],
    leaks: [],
  };
  const ofProcesses = manyProcessesInWords(scenario, serversUnderTest, limits, cores);
  return { serversUnderTest, head, cores, notes: [...notes, ...ofProcesses] };
}

/** @param plan whether nothing may change on disk */
function readFolder(mentions: Mentions, usual: string, plan: boolean): Checked<string> {
  const read = readMentions('--out', mentions, (text) =>
    text === '' ? refused('must be a folder, such as --out results/mine') : accepted(text),
  );
  if (!read.ok) return read;
  const { value: typed = relative('.', usual) } = read;
  const reason = whyNotWritable(resolve(typed), plan);
  return reason === undefined
    ? accepted(resolve(typed))
    : refused(`--out ${visible(typed)}: ${reason}; choose another folder`);
}
