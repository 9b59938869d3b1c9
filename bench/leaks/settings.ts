/** Turns the settings of `findLeaks` into a request for a check. */
import { inspect } from 'node:util';
import { complaintsOf, refused, type Checked } from '../scenario/complaint.ts';
import {
  requestInProgram,
  requestSettingNames,
  type RequestSettings,
} from '../scenario/read-request.ts';
import { givenInProgram, inProgram } from '../scenario/values.ts';
import { leaksOptions } from './options.ts';
import { checkLeaksRequest, type LeaksRequest, type LeaksWording } from './request.ts';

/** A server that offers event streams: its URL, and the process that runs it. */
export interface App {
  /** URL of the stream, such as `http://127.0.0.1:3000/event`. */
  url: string;
  /**
   * Command that starts the server, such as `['node', 'dist/server.js']`. Without `command` and
   * `pid`, the server runs in this process.
   */
  command?: readonly string[];
  /** Process id of the server, if it already runs. */
  pid?: number;
}

/** A number of milliseconds, or a text with a unit: `500ms`, `5s`, `2m`. */
export type Duration = number | string;

/**
 * Settings of `findLeaks`. They match the options of `ssebench leaks` and have the same defaults.
 */
export interface LeaksSettings extends RequestSettings {
  /** Disconnect modes, such as `['close', 'early']`, or `all`. */
  modes?: 'all' | readonly string[];
  /** Streams in a smaller round; a larger round has twice as many. */
  streams?: number;
  /** Number of round pairs, each with a smaller and a larger round. */
  rounds?: number;
  /**
   * Events that a client waits for before it disconnects, and the longest time it waits for them
   * (`patience`).
   */
  events?: number;
  patience?: Duration;
  /** Time the server has to release everything after the clients disconnect. */
  deadline?: Duration;
  /**
   * Time limit for the whole check. When it expires, the check ends and reports what it has found.
   */
  within?: Duration;
  /** Time a command may take until its server listens. */
  readyWithin?: Duration;
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
   * Whether to send the URL one request first, to report at once a URL without a stream (default:
   * true).
   */
  probe?: boolean;
  /** Ends the check early. */
  signal?: AbortSignal;
}

const wording: LeaksWording = {
  ...inProgram,
  command: 'command',
  beforeCommand: 'command',
  request: {
    wording: inProgram,
    header:
      'must be a name without spaces, and a value of Latin letters in one line, ' +
      "such as headers: { Authorization: 'Bearer abc' }",
    cookie: "cookies: { session: 'abc' }",
  },
};

/** @returns the request, or all complaints; each names the setting, the value and what to do */
export function readLeaksSettings(app: App, settings: LeaksSettings): Checked<LeaksRequest> {
  const { url, pid } = app;
  const { trace = false, probe = true } = settings;
  const command = isCommand(app.command) ? app.command : [];
  const others = Object.entries(settings).filter(([name]) => isOption(name));
  const request = checkLeaksRequest(
    {
      command,
      here: pid === undefined && command.length === 0,
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

/** Options that are no settings: they are properties of the app, or a name in reports. */
const noSettings = new Set(['url', 'pid', 'name']);
const isOption = (name: string) => Object.hasOwn(leaksOptions, name) && !noSettings.has(name);
const isCommand = (command: unknown): command is readonly string[] =>
  Array.isArray(command) && command.every((word) => typeof word === 'string');

/** Repeats the checks of the compiler for programs that are not type-checked. */
function whyNoSettings({ command }: App, settings: LeaksSettings): string[] {
  const known = [
    ...Object.keys(leaksOptions).filter(isOption),
    'trace',
    'probe',
    ...requestSettingNames,
    'signal',
  ];
  const unknown = Object.keys(settings).filter((name) => !known.includes(name));
  const switches = (['trace', 'probe'] as const).filter(
    (name) => !['undefined', 'boolean'].includes(typeof settings[name]),
  );
  return [
    ...unknown.map(
      (name) => `${name}: unknown setting; choose from ${known.toSorted().join(', ')}`,
    ),
    ...switches.map((name) => `${name} ${inspect(settings[name])}: must be true or false`),
    ...(command === undefined || isCommand(command)
      ? []
      : [`command: must be an array of strings, such as ['node', 'dist/server.js']`]),
  ];
}
