/** What programs may import: to look for leaks from their own tests, to write scenario files, and to read saved results. */
import { checkServer } from './leaks/check-server.ts';
import { leaksOptions } from './leaks/options.ts';
import { readLeaksRequest, type LeaksWords } from './leaks/request.ts';
import type { ServerVerdict } from './result/leak-result.ts';
import { terminalText } from './report/shared/escape.ts';
import { complaintsOf } from './scenario/complaint.ts';
import { leaksReport } from './report/terminal/leaks.ts';

export type { ModeResult, ServerVerdict } from './result/leak-result.ts';
export type { Leak } from './verdict/leaks.ts';
export { runResultSchema, type RunResult } from './result/run-result.ts';
export { defineConfig, type Config } from './scenario/config.ts';

/** A server that streams events: where, and which process it is. */
export interface App {
  /** Of the stream, such as `http://127.0.0.1:3000/event`. */
  url: string;
  /** Starts it, such as `['node', 'dist/server.js']`. Without one, and without `pid`, the server runs in this very process. */
  command?: readonly string[];
  /** The process, where it runs already. */
  pid?: number;
}

/** As the options of `ssebench leaks`, with the same defaults; durations are written `500ms`, `5s`. */
export interface LeaksSettings {
  /** How clients leave, such as `['close', 'early']`; or `all`. */
  modes?: 'all' | readonly string[];
  /** In the smaller rounds; the larger ones have twice as many. */
  streams?: number;
  /** Pairs of a smaller and a larger round. */
  rounds?: number;
  /** How many events a client waits for before it leaves, and for how long at most. */
  events?: number;
  patience?: string;
  /** How long the server may take to let go. */
  deadline?: string;
  /** How long the whole check may take: then it ends, and reports what it has found. */
  within?: string;
  /** How long a command may take to listen. */
  readyWithin?: string;
  maxLeakedPerDisconnect?: number;
  /** Leaks with one of these in their description are left out. */
  ignore?: readonly string[];
  /** `outside`: as the operating system sees it. */
  look?: 'inspector' | 'outside';
  /** Whether to trace timers to the line that created them from the beginning, and not only where it is needed. */
  trace?: boolean;
  /** Whether to send the URL one request first, so that one without a stream is reported at once (the default). */
  probe?: boolean;
  headers?: Readonly<Record<string, string>>;
  /** What a POST sends, as JSON. */
  body?: unknown;
  /** Asks for an early end. */
  signal?: AbortSignal;
}

/**
 * Opens streams, leaves them in every way that clients do, and finds what the server does not let go of. By default it
 * takes 5 to 15 s for a clean server, and longer for one that leaks.
 *
 * @param app a URL alone stands for a server in this very process
 * @returns a verdict; its state is `unknown`, and no pass, where nobody could look
 * @throws with all complaints at once where the app or a setting makes no sense; nothing was started then
 */
export async function findLeaks(
  app: string | App,
  settings: LeaksSettings = {},
): Promise<ServerVerdict> {
  const whole = typeof app === 'string' ? { url: app } : app;
  const read = readLeaksRequest(wordsOf(whole, settings));
  const complaints = [...complaintsAbout(whole, settings), ...complaintsOf(read)];
  if (!read.ok || complaints.length > 0) throw new Error(complaints.map(terminalText).join('\n'));
  const {
    subjects: [subject],
    options,
  } = read.value;
  return checkServer(subject!, options, settings.signal ?? new AbortController().signal);
}

/** A verdict for a person to read: each leak with its line, and what to do about it. */
export function describeLeaks(verdict: ServerVerdict): string {
  return leaksReport([verdict], { style: (_format, text) => text });
}

/** What a compiler refuses, for those who have none. */
function complaintsAbout({ command }: App, settings: LeaksSettings): string[] {
  const known = [
    ...Object.keys(leaksOptions).filter((name) => !['url', 'pid'].includes(name)),
    'trace',
    'probe',
    'headers',
    'signal',
  ];
  const unknown = Object.keys(settings).filter((name) => !known.includes(name));
  return [
    ...unknown.map((name) => `${name}: no such setting; there are ${known.toSorted().join(', ')}`),
    ...(command === undefined || Array.isArray(command)
      ? []
      : [`command: must be a list of words, such as ['node', 'dist/server.js']`]),
  ];
}

/** The words of a command line that ask for the same: so both take the same, and refuse the same. */
function wordsOf(
  { url, command = [], pid }: App,
  {
    headers = {},
    body,
    trace = false,
    probe = true,
    signal: _signal,
    modes,
    ignore = [],
    ...others
  }: LeaksSettings,
): LeaksWords {
  const options = {
    url,
    pid,
    modes: typeof modes === 'string' ? modes : modes?.join(','),
    body: body === undefined ? undefined : JSON.stringify(body),
    ...others,
  };
  const said = Object.entries(options).filter(([, value]) => value !== undefined);
  return {
    servers: [],
    command: [...command],
    here: pid === undefined && command.length === 0,
    options: {
      ...Object.fromEntries(said.map(([option, value]) => [option, [String(value)]])),
      ignore: [...ignore],
    },
    headers: Object.entries(headers).map(([header, value]) => `${header}: ${value}`),
    trace,
    probe,
  };
}
