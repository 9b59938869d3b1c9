/** Turns the settings of `findLeaks` into a request for a check. */
import { inspect } from 'node:util';
import type { ReferenceServerName } from '../../../servers/catalog.ts';
import { whyNoCalls } from '../../scenario/call-settings.ts';
import { complaintsOf, refused, whyUnknown, type Checked } from '../../scenario/complaint.ts';
import {
  requestInProgram,
  requestSettingNames,
  requestWordingInProgram,
  type RequestSettings,
} from '../../scenario/read-request.ts';
import { givenInProgram, inProgram } from '../../scenario/values.ts';
import type { DisconnectModeName } from '../../scenario/disconnect-modes.ts';
import type { Duration } from '../../scenario/duration.ts';
import { whyNoApp, type App } from '../../scenario/own-servers/app.ts';
import { leaksOptions } from './leaks-options.ts';
import type { LeaksWording } from './leaks-input.ts';
import { checkLeaksRequest, type LeaksRequest } from './request.ts';

/** The position of a leak check. */
export interface LeaksProgress {
  mode: DisconnectModeName;
  /** The action of the clients, such as `abort before headers`. */
  about: string;
  /** The number of this mode, from 1, and of all modes. */
  number: number;
  of: number;
  /** Rounds of this mode that have ended; 0 while the mode starts. */
  rounds: number;
  /** How many more objects the server holds than before this mode. */
  held: number;
}

/**
 * Settings of `findLeaks`. They match the options of `ssebench leaks` and have the same defaults.
 * If `onProgress` throws, the check ends, and rejects with that error.
 */
export interface LeaksSettings extends RequestSettings {
  /**
   * Disconnect modes, such as `['close', 'early']`, or `all` (default: close, reset, early, post,
   * kill).
   */
  modes?: 'all' | readonly DisconnectModeName[];
  /**
   * Whether the check fails if a disconnect mode is skipped, or if the server works on at the
   * deadline (default: false). It always fails if a mode is skipped that `modes` names.
   */
  strict?: boolean;
  /** Whether clients use HTTP/2, each on its own connection (default: false). */
  http2?: boolean;
  /** Streams in a smaller round; a larger round has twice as many (default: 50). */
  streams?: number;
  /** Processes of a reference server, on one port (default: 1). Your own server has its own. */
  serverProcesses?: number;
  /** Number of round pairs, each with a smaller and a larger round (default: 1). */
  rounds?: number;
  /**
   * Events that a client waits for before it disconnects (default: 2). Without it, clients wait less
   * if events are rare.
   */
  events?: number;
  /** The longest time that a client waits for these events (default: 3s). */
  patience?: Duration;
  /** Time the server has to release everything after the clients disconnect (default: 5s). */
  deadline?: Duration;
  /**
   * Time limit for the whole check. When it expires, the check ends and reports what it has found.
   */
  within?: Duration;
  /** Time a command may take until its server listens (default: 30s). */
  readyWithin?: Duration;
  /** Tolerated leaks per disconnect (default: 0). */
  maxLeakedPerDisconnect?: number;
  /** A leak whose description contains one of these texts is left out. */
  ignore?: readonly string[];
  /**
   * `inspector`: through Node's inspector; `outside`: with what the operating system knows. The
   * default is the strongest available.
   */
  inspection?: 'inspector' | 'outside';
  /**
   * Whether to trace timers to the line that created them from the start. By default, tracing
   * starts only when it is needed.
   */
  trace?: boolean;
  /**
   * Whether to send the URL first requests, to report at once a URL without a stream, or one that
   * is silent for browsers because of compression (default: true).
   */
  probe?: boolean;
  /** The name of your own server in the verdict and in reports (default: its URL). */
  name?: string;
  /** Also writes the verdict to this file, as JUnit XML. If that fails, the exit code is 1. */
  junit?: string;
  /** Also writes a summary to this file, as Markdown. If that fails, the exit code is 1. */
  markdown?: string;
  /** Ends the check early. The verdict has the findings so far, and names the modes not finished. */
  signal?: AbortSignal;
  /** Called at the start of each disconnect mode, after each round, and before long waits. */
  onProgress?(progress: LeaksProgress): void;
}

const wording: LeaksWording = {
  ...inProgram,
  command: 'command',
  beforeCommand: 'command',
  request: requestWordingInProgram,
};

/**
 * @returns the request, or all complaints; each names the setting, the value and what to do
 * @internal
 */
export function readLeaksSettings(
  given: App | ReferenceServerName,
  settings: LeaksSettings,
): Checked<LeaksRequest> {
  const isReference = typeof given === 'string';
  const app: Partial<App> = isReference ? {} : given;
  const { url, pid, cwd, env, readyWhen } = app;
  const { trace = false, probe = true } = settings;
  const command = isCommand(app.command) ? app.command : [];
  const others = Object.entries(settings).filter(([name]) => isOption(name));
  const request = checkLeaksRequest(
    {
      ...(isReference && { servers: [given] }),
      command,
      here: !isReference && pid === undefined && command.length === 0,
      start: { cwd, env, readyWhen },
      settings: givenInProgram(leaksOptions, { ...Object.fromEntries(others), url, pid }),
      request: requestInProgram(settings),
      trace,
      probe,
    },
    wording,
  );
  const complaints = [...whyNoSettings(app, settings), ...complaintsOf(request)];
  return complaints.length > 0 ? refused(...complaints) : request;
}

/** Options that are no settings, because they are properties of the app. */
const noSettings = new Set(['url', 'pid']);
const isOption = (name: string) => Object.hasOwn(leaksOptions, name) && !noSettings.has(name);
const isCommand = (command: unknown): command is readonly string[] =>
  Array.isArray(command) && command.every((word) => typeof word === 'string');

const settingNames = [
  ...Object.keys(leaksOptions).filter(isOption),
  'trace',
  'probe',
  ...requestSettingNames,
  'junit',
  'markdown',
  'signal',
  'onProgress',
];

/** Repeats the checks of the compiler for programs that are not type-checked. */
function whyNoSettings(app: Partial<App>, settings: LeaksSettings): string[] {
  const unknown = Object.keys(settings).filter((name) => !settingNames.includes(name));
  const switches = (['trace', 'probe'] as const).filter(
    (name) => !['undefined', 'boolean'].includes(typeof settings[name]),
  );
  return [
    ...unknown.map((name) => `${name}: ${whyUnknown('setting', name, settingNames)}`),
    ...switches.map((name) => `${name} ${inspect(settings[name])}: must be true or false`),
    ...whyNoCalls({ ...settings }, ['onProgress']),
    ...whyNoApp(app),
  ];
}
