/** Turns the settings of `run`, the function, into a request. */
import { inspect } from 'node:util';
import type { RunCommandWords } from '../commands/run-command-words.ts';
import { requestOf, type CommandRequest } from '../commands/run-request.ts';
import type { RoundResult, RunResult } from '../result/run-result.ts';
import { whyNoCalls } from '../scenario/call-settings.ts';
import { accepted, BadInput, complaintsOf, visible } from '../scenario/complaint.ts';
import { readConfig } from '../scenario/config.ts';
import { textWithoutSecrets } from '../scenario/secrets.ts';
import type { FailOn } from '../verdict/comparison.ts';
import { mentioned } from './ci-files.ts';
import { resultOf } from './compare.ts';
import type { RunConfig } from './config.ts';
import { inProgramWords } from './program-words.ts';

/** The position of a run. */
export interface RunProgress {
  server: string;
  /** The number of this round, from 1, and of all rounds of a server. */
  round: number;
  rounds: number;
  /** The phase of the round, such as `measuring`. */
  phase: string;
  openStreams: number;
  eventsPerSecond: number;
  /** An estimate of the rest of the run, in milliseconds. */
  leftMs: number;
}

/**
 * Settings of `run`. They match the options of `ssebench run` and have the same defaults. If a
 * function among them throws, the run ends, and rejects with that error.
 */
export interface RunSettings extends RunConfig {
  /** Whether to send each running server one request before any load (default: true). */
  probe?: boolean;
  /** Whether to check servers for leaks after the measurement (default: false). */
  leakCheck?: boolean;
  /** Compares with this result, or with the one saved under this name. */
  baseline?: RunResult | string;
  /** Saves the result under this name, if the run succeeds. */
  saveBaseline?: string;
  /** The verdict on the comparison with `baseline` that makes the exit code 5. */
  failOn?: FailOn;
  /** Whether to compare with a baseline that was measured under other conditions. */
  anyway?: boolean;
  /** The folder of the result and its reports. By default, nothing is written. */
  out?: string;
  /** Also writes the verdicts to this file, as JUnit XML. If that fails, the exit code is 1. */
  junit?: string;
  /** Also writes a summary to this file, as Markdown. If that fails, the exit code is 1. */
  markdown?: string;
  /** Whether to serve the report on loopback during the run; a note has its URL. */
  live?: boolean;
  /** Ends the run early. The outcome has the rounds so far. */
  signal?: AbortSignal;
  /** Called twice a second. */
  onProgress?(progress: RunProgress): void;
  /** Called after each round with the result so far. */
  onRound?(round: RoundResult, result: RunResult): void;
  /** Called with what the command line prints as notes, such as a server on the core of the load. */
  onNote?(text: string): void;
}

/** Settings that are no keys of a config file, and the type of each. */
const others = {
  probe: 'boolean',
  leakCheck: 'boolean',
  baseline: 'result',
  saveBaseline: 'string',
  failOn: 'string',
  anyway: 'boolean',
  out: 'string',
  junit: 'string',
  markdown: 'string',
  live: 'boolean',
  signal: 'call',
  onProgress: 'call',
  onRound: 'call',
  onNote: 'call',
} as const;

/** The requirement of each type, and whether a value meets it. `whyNoCalls` checks the calls. */
const types = {
  boolean: ['true or false', (value: unknown) => typeof value === 'boolean'],
  string: ['a text', (value: unknown) => typeof value === 'string'],
  result: [
    'a result, or where one is saved',
    (value: unknown) => ['object', 'string'].includes(typeof value),
  ],
  call: ['', () => true],
} as const;

/**
 * @throws BadInput with all complaints; each names the setting, the value and what to do
 * @internal
 */
export function readRunSettings(settings: RunSettings, started: Date): CommandRequest {
  const config = readConfig(
    'run',
    Object.fromEntries(Object.entries(settings).filter(([name]) => !Object.hasOwn(others, name))),
    Object.keys(others),
  );
  const wrong = whyNoSettings(settings);
  const { baseline } = settings;
  const given = typeof baseline === 'object' ? resultOf('baseline', baseline) : accepted(undefined);
  try {
    const complaints = [...wrong, ...config.complaints, ...complaintsOf(given)];
    return requestOf(
      wordsOf(settings),
      { file: null, words: config.words, complaints },
      started,
      given.ok ? given.value : undefined,
    );
  } catch (error) {
    if (error instanceof BadInput) throw new BadInput(error.complaints.map(inProgramWords));
    throw error;
  }
}

function wordsOf(settings: RunSettings): RunCommandWords {
  const { probe = true, leakCheck = false, anyway = false, live = false, out } = settings;
  const { baseline, saveBaseline, failOn, junit, markdown } = settings;
  return {
    servers: [],
    options: {},
    headers: [],
    expect: [],
    out: mentioned(out),
    savesNothing: out === undefined,
    config: [],
    baseline: mentioned(baseline),
    saveBaseline: mentioned(saveBaseline),
    failOn: mentioned(failOn),
    anyway: anyway === true,
    json: false,
    live: live === true,
    leakCheck: leakCheck === true,
    probe: probe !== false,
    plan: false,
    asks: false,
    junit: mentioned(junit),
    markdown: mentioned(markdown),
    complaints: [],
  };
}

/** Repeats the checks of the compiler for programs that are not type-checked. */
const whyNoSettings = (settings: RunSettings): string[] => [
  ...Object.entries(others).flatMap(([name, type]) => {
    const value = settings[name as keyof typeof others];
    const [requirement, fits] = types[type];
    if (value === undefined || fits(value)) return [];
    // An object may hold anything.
    const shown =
      typeof value === 'object' ? '' : ` ${visible(textWithoutSecrets(inspect(value)))}`;
    return [`${name}${shown}: must be ${requirement}`];
  }),
  ...whyNoCalls({ ...settings }, ['onProgress', 'onRound', 'onNote']),
];
