/** The options of `ssebench leaks`. */
import { z } from 'zod';
import {
  duration,
  oneOf,
  wholeNumber,
  yesNo,
  type ConfigurableOption,
  type NamedOption,
  type SuchAs,
} from '../../scenario/option.ts';
import { accepted, refused, type Checked } from '../../scenario/complaint.ts';
import { ownServerOptions } from '../../scenario/own-servers/options.ts';
import { mostServerProcesses } from '../../scenario/server-processes.ts';
import {
  disconnectModes,
  type DisconnectMode,
  type DisconnectModeName,
} from '../../scenario/disconnect-modes.ts';

const names = disconnectModes.map(({ name }) => name) as [
  DisconnectModeName,
  ...DisconnectModeName[],
];
const usual = disconnectModes.filter((mode) => mode.usual);

export const leaksOptions = {
  ...ownServerOptions,
  streams: {
    flags: '--streams [n]',
    about: 'streams of a small round; a large one has twice as many (default: 50)',
    ...wholeNumber(1, 5_000, 50),
  },
  rounds: {
    flags: '--rounds [n]',
    about: 'pairs of rounds for each disconnect mode (default: 1)',
    ...wholeNumber(1, 100, 3),
  },
  serverProcesses: {
    flags: '--server-processes [n]',
    about: 'processes of each reference server, on one port (default: 1)',
    ...wholeNumber(1, mostServerProcesses, 4),
  },
  modes: {
    flags: '--modes [list]',
    about: `disconnect modes, or all (default: ${usual.map(({ name }) => name).join(',')})`,
    words: ['all', ...names],
    check: checkModes,
    mustInFile: `"all", or a list of ${names.join(', ')}, such as ["close", "reset"]`,
    schema: z.union([z.literal('all'), z.array(z.enum(names)).min(1)]),
  },
  strict: {
    flags: '--strict',
    about: 'fail if a mode is skipped, or the server works on after the deadline',
    ...yesNo(),
    check: (value) =>
      typeof value === 'boolean' ? accepted(value) : refused('must be true or false'),
  },
  http2: {
    flags: '--http2',
    about: 'use HTTP/2, each client on its own connection',
    ...yesNo(),
    check: (value) =>
      typeof value === 'boolean' ? accepted(value) : refused('must be true or false'),
  },
  events: {
    flags: '--events [n]',
    about: 'events that a client waits for before it disconnects (default: 2, or 1 if rare)',
    ...wholeNumber(0, 1_000, 2),
  },
  patience: {
    flags: '--patience [time]',
    about: 'how long a client waits for these events (default: 3s)',
    ...duration(1, '20s'),
  },
  deadline: {
    flags: '--deadline [time]',
    about: 'time limit to release what a client used (default: 5s)',
    ...duration(1, '10s'),
  },
  within: {
    flags: '--within [time]',
    about: 'time limit of the check; reports the results so far (default: none)',
    ...duration(1, '50s'),
  },
  inspection: {
    flags: '--inspection [way]',
    about: 'how to inspect: inspector or outside (default: inspector if possible)',
    ...oneOf(['inspector', 'outside'] as const),
  },
  ignore: {
    flags: '--ignore [text]',
    about: 'ignore leaks with this text, such as src/events.ts:14; repeatable',
    many: true,
    check: (value, suchAs) =>
      typeof value === 'string' && value !== ''
        ? accepted(value)
        : refused(`must be part of a leak’s description, ${suchAs(['src/events.ts:14'])}`),
    mustInFile: 'a list of parts of descriptions of leaks, such as ["src/events.ts:14"]',
    schema: z.array(z.string().min(1)),
  },
  maxLeakedPerDisconnect: {
    flags: '--max-leaked-per-disconnect [n]',
    about: 'tolerated leaks per disconnect (default: 0)',
    parse: (text) => (/^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined),
    check: (value, suchAs) =>
      typeof value === 'number' && value >= 0 && Number.isFinite(value)
        ? accepted(value)
        : refused(`must be a number of 0 or more, ${suchAs(0.1)}`),
    mustInFile: 'a number of 0 or more, such as 0.1',
    schema: z.number().min(0),
  },
} satisfies Record<string, NamedOption<unknown> | ConfigurableOption<unknown>>;

function checkModes(value: unknown, suchAs: SuchAs): Checked<readonly DisconnectMode[]> {
  if (value === 'all') return accepted(disconnectModes);
  const given: readonly unknown[] = Array.isArray(value) ? value : String(value).split(',');
  const found = given.map((name) =>
    disconnectModes.find((mode) => mode.name === String(name).trim()),
  );
  return found.length > 0 && found.every((mode) => mode !== undefined)
    ? accepted(found)
    : refused(`must be “all”, or a list of ${names.join(', ')}, ${suchAs(['close', 'reset'])}`);
}
