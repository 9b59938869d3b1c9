/** From the settings of `findLeaks` to what is to be checked. */
import { inspect } from 'node:util';
import { complaintsOf, refused, type Checked } from '../scenario/complaint.ts';
import { headersInProgram } from '../scenario/headers.ts';
import { givenInProgram, inProgram } from '../scenario/values.ts';
import { leaksOptions } from './options.ts';
import { checkLeaksRequest, type LeaksRequest, type LeaksWording } from './request.ts';

/** A server that streams events: where, and which process it is. */
export interface App {
  /** Of the stream, such as `http://127.0.0.1:3000/event`. */
  url: string;
  /**
   * Starts it, such as `['node', 'dist/server.js']`. Without one, and without `pid`, the server
   * runs in this very process.
   */
  command?: readonly string[];
  /** The process, where it runs already. */
  pid?: number;
}

/** In milliseconds, or with a unit: `500ms`, `5s`, `2m`. */
export type Duration = number | string;

/** As the options of `ssebench leaks`, with the same defaults. */
export interface LeaksSettings {
  /** How clients leave, such as `['close', 'early']`; or `all`. */
  modes?: 'all' | readonly string[];
  /** In the smaller rounds; the larger ones have twice as many. */
  streams?: number;
  /** Pairs of a smaller and a larger round. */
  rounds?: number;
  /** How many events a client waits for before it leaves, and for how long at most. */
  events?: number;
  patience?: Duration;
  /** How long the server may take to let go. */
  deadline?: Duration;
  /** How long the whole check may take: then it ends, and reports what it has found. */
  within?: Duration;
  /** How long a command may take to listen. */
  readyWithin?: Duration;
  maxLeakedPerDisconnect?: number;
  /** Leaks with one of these in their description are left out. */
  ignore?: readonly string[];
  /** `outside`: as the operating system sees it. */
  look?: 'inspector' | 'outside';
  /**
   * Whether to trace timers to the line that created them from the beginning, and not only where
   * it is needed.
   */
  trace?: boolean;
  /**
   * Whether to send the URL one request first, so that one without a stream is reported at once
   * (the default).
   */
  probe?: boolean;
  headers?: Readonly<Record<string, string>>;
  /** What a POST sends, as JSON. */
  body?: unknown;
  /** Asks for an early end. */
  signal?: AbortSignal;
}

const wording: LeaksWording = {
  ...inProgram,
  command: 'command',
  header:
    'must be a name without spaces, and a value of Latin letters in one line, ' +
    "such as headers: { Authorization: 'Bearer abc' }",
};

/** @returns the request, or all complaints, each naming the setting, the value and the way out */
export function readLeaksSettings(app: App, settings: LeaksSettings): Checked<LeaksRequest> {
  const { url, pid } = app;
  const { trace = false, probe = true, headers = {} } = settings;
  const command = isCommand(app.command) ? app.command : [];
  const others = Object.entries(settings).filter(([name]) => isOption(name));
  const request = checkLeaksRequest(
    {
      command,
      here: pid === undefined && command.length === 0,
      settings: givenInProgram(leaksOptions, { ...Object.fromEntries(others), url, pid }),
      headers: headersInProgram(headers),
      trace,
      probe,
    },
    wording,
  );
  const complaints = [...whyNoSettings(app, settings), ...complaintsOf(request)];
  return complaints.length > 0 ? refused(...complaints) : request;
}

const isOption = (name: string) =>
  Object.hasOwn(leaksOptions, name) && name !== 'url' && name !== 'pid';
const isCommand = (command: unknown): command is readonly string[] =>
  Array.isArray(command) && command.every((word) => typeof word === 'string');

/** What a compiler refuses, for those who have none. */
function whyNoSettings({ command }: App, settings: LeaksSettings): string[] {
  const known = [
    ...Object.keys(leaksOptions).filter(isOption),
    'trace',
    'probe',
    'headers',
    'signal',
  ];
  const unknown = Object.keys(settings).filter((name) => !known.includes(name));
  const switches = (['trace', 'probe'] as const).filter(
    (name) => !['undefined', 'boolean'].includes(typeof settings[name]),
  );
  return [
    ...unknown.map((name) => `${name}: no such setting; there are ${known.toSorted().join(', ')}`),
    ...switches.map((name) => `${name} ${inspect(settings[name])}: must be true or false`),
    ...(command === undefined || isCommand(command)
      ? []
      : [`command: must be a list of words, such as ['node', 'dist/server.js']`]),
  ];
}
