/** Reads a server of the user: from the words of a command line, or from a config file. */
import { accepted, visible, type Checked, type Complain } from '../complaint.ts';
import { parseDuration } from '../duration.ts';
import { eventOptions, type EventOptions } from '../event-options.ts';
import { filledIn } from '../given-text.ts';
import { checkHeaders, headersInProgram } from '../headers.ts';
import { flagOf, type OptionValues, type OptionWords } from '../option.ts';
import { plainRequest } from '../request-options.ts';
import type { OwnProcess, UrlUnderTest } from '../scenario.ts';
import { urlWithoutSecrets } from '../secrets.ts';
import { checkValues, givenInProgram, givenInWords, onCommandLine } from '../values.ts';
import { baseOptions } from './base.ts';
import { checkOwnServer, type OwnServerWording } from './check.ts';
import { ownServerOptions, usualReadyWithinMs } from './options.ts';
import type { OwnServerInFile } from './schema.ts';
import { whyNoUrl } from '../urls.ts';
import { splitWords } from './shell-words.ts';

type Values = OptionValues<typeof ownServerOptions>;

/** The options of a server in a config file. */
const optionsInFile = { ...ownServerOptions, ...eventOptions };

/** How the words of a command line are written in messages. */
export const ownServerOnCommandLine: OwnServerWording = {
  ...onCommandLine(ownServerOptions),
  command: 'the command after --',
  beforeCommand: '--',
};

/** Whether a command line has a server of the user, as far as it is given. */
export const hasOwnServer = (options: OptionWords, command: readonly string[]): boolean =>
  command.length > 0 ||
  Object.keys({ ...ownServerOptions, ...baseOptions }).some((name) => options[name] !== undefined);

/**
 * @param command the words after `--`
 * @param servers those given without an option
 * @returns the server; `undefined` after a complaint
 */
export function ownServerInWords(
  options: OptionWords,
  command: readonly string[],
  servers: readonly string[],
  intervalMs: number | null,
  complain: Complain,
): UrlUnderTest | undefined {
  const [program = ''] = command;
  if (program.startsWith('-')) {
    const [flag] = /^-+[a-z-]*/i.exec(program)!;
    complain(
      `${flag}: is after --, where the command of a server begins; write options before --, or leave the -- out`,
    );
    return undefined;
  }
  const complaints: string[] = [];
  const note = (complaint: string) => void complaints.push(complaint);
  const given = givenInWords(ownServerOptions, options);
  const values = checkValues(ownServerOptions, given, ownServerOnCommandLine, note);
  const alone = given.some(({ option }) => option === 'url') ? undefined : servers.find(isUrl);
  if (alone !== undefined) note(whyNotAlone(alone, options, command));
  const asGiven = alone === undefined ? given : [...given, { option: 'url', shown: alone }];
  checkOwnServer({ given: asGiven, command }, ownServerOnCommandLine, note);
  for (const complaint of complaints) complain(complaint);
  if (complaints.length > 0) return undefined;
  const { readyWithin: readyWithinMs = usualReadyWithinMs } = values;
  const start = { command, cwd: null, env: {}, readyWhen: null, readyWithinMs };
  return ownServer(values, processOf(values, start), intervalMs);
}

/** A URL that should have been given with its option, because other words are about its server. */
function whyNotAlone(url: string, options: OptionWords, command: readonly string[]): string {
  const ofServer = Object.entries({ ...ownServerOptions, ...baseOptions });
  const flags = ofServer.flatMap(([name, option]) =>
    options[name] === undefined ? [] : flagOf(option),
  );
  const lacking =
    command.length > 0
      ? `${ownServerOnCommandLine.command} has no URL`
      : `${flags[0]} has no server`;
  const shown = visible(urlWithoutSecrets(url));
  return `${shown}: is given without --url, so ${lacking}; write --url ${shown}`;
}

const isUrl = (text: string) => whyNoUrl(text) === undefined;

/** As in a config file. In a program, its place is empty, and it may have no name. */
export type GivenInFile = Omit<OwnServerInFile, 'name' | 'readyWithin'> & {
  name?: string;
  readyWithin?: number | string | undefined;
};

const placeIn = (at: string, key: string) => (at === '' ? key : `${at}.${key}`);

/**
 * @param usualIntervalMs the interval of a server without its own
 * @returns the server; `undefined` after a complaint
 */
export function ownServerInFile(
  server: GivenInFile,
  usualIntervalMs: number | null,
  complain: Complain,
): UrlUnderTest | undefined {
  const { at, cwd = null, env = {}, headers = {}, readyWhen = null, interval } = server;
  const complaints: string[] = [];
  const note = (complaint: string) => void complaints.push(complaint);
  const wording = inFile(at);
  const given = givenInProgram(optionsInFile, server).map((each) => ({
    ...each,
    shown: placeIn(at, each.shown),
  }));
  const ofCommand = givenInFile(server, ['cwd', 'env', 'readyWhen']);
  const values = checkValues(optionsInFile, given, wording, note);
  const command = wordsOf(server.command);
  const ownHeaders = checkHeaders(
    headersInProgram(headers, placeIn(at, 'headers')).map(filledIn),
    headerInFile,
  );
  if (!command.ok) note(`${wording.beforeCommand}: ${command.complaints[0]!}`);
  else
    checkOwnServer(
      { given: [...given, ...ofCommand], command: command.value, cwd, env },
      wording,
      note,
    );
  if (!ownHeaders.ok) ownHeaders.complaints.forEach(note);
  for (const complaint of complaints) complain(complaint);
  if (complaints.length > 0 || !command.ok || !ownHeaders.ok) return undefined;
  const { readyWithin: readyWithinMs = usualReadyWithinMs } = values;
  const start = { command: command.value, cwd, env, readyWhen, readyWithinMs };
  const intervalMs = interval === undefined ? usualIntervalMs : parseDuration(interval)!;
  const own = ownServer(values, processOf(values, start), intervalMs, ownHeaders.value);
  return {
    ...own,
    request: { ...own.request, http2: server.http2 ? { streamsPerConnection: null } : null },
    events: eventsAmong(values),
  };
}

const eventsAmong = (values: Partial<EventOptions>): Partial<EventOptions> =>
  Object.fromEntries(Object.entries(values).filter(([name]) => Object.hasOwn(eventOptions, name)));

const inFile = (at: string): OwnServerWording => ({
  name: (option) => placeIn(at, option),
  example: (option, value) => `${option}: ${JSON.stringify(value)}`,
  command: 'its command',
  beforeCommand: placeIn(at, 'command'),
});

const headerInFile =
  'must be a name without spaces, and a value of Latin letters in one line, ' +
  'such as headers: { "Authorization": "Bearer abc" }';

/** Keys without an option on a command line. Variables may be secret. */
const givenInFile = (server: GivenInFile, keys: readonly (keyof GivenInFile)[]) =>
  keys.flatMap((option) =>
    server[option] === undefined
      ? []
      : [
          {
            option,
            shown: placeIn(
              server.at,
              `${option}${option === 'env' ? '' : ` ${visible(String(server[option]))}`}`,
            ),
          },
        ],
  );

function wordsOf(command: OwnServerInFile['command']): Checked<readonly string[]> {
  return typeof command === 'string' ? splitWords(command) : accepted(command ?? []);
}

function processOf(
  { pid }: Values,
  {
    command: [program, ...words],
    ...others
  }: Omit<Extract<OwnProcess, { kind: 'command' }>, 'kind' | 'command'> & {
    command: readonly string[];
  },
): OwnProcess | null {
  if (program !== undefined) return { kind: 'command', command: [program, ...words], ...others };
  return pid === undefined ? null : { kind: 'pid', pid };
}

const ownServer = (
  { url = '', name = urlWithoutSecrets(url) }: Values,
  process: OwnProcess | null,
  intervalMs: number | null,
  headers: Readonly<Record<string, string>> = {},
): UrlUnderTest => ({
  kind: 'url',
  name,
  url,
  intervalMs,
  request: { ...plainRequest, headers },
  process,
});
