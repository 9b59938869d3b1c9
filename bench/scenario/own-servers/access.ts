/**
 * The options that a server of the user does not support, with the reasons. They depend on how
 * ssebench gets to the process of the server. Pure.
 */
import { asTyped } from '../combinations.ts';
import type { Complain } from '../complaint.ts';
import type { OptionValues, OptionWords } from '../option.ts';
import type { runOptions } from '../options.ts';
import type { UrlUnderTest } from '../scenario.ts';

/** From outside only, by the id of a running process, or by the command that starts it. */
export type Access = 'outside' | 'pid' | 'command';
export const accessTo = ({ process }: Pick<UrlUnderTest, 'process'>): Access =>
  process?.kind ?? 'outside';

type Values = OptionValues<typeof runOptions>;
type OptionName = keyof Values;

/** Server access × option. An access without a reason supports the option. */
interface Row {
  option: OptionName;
  /** The row applies to this value; by default, to every value except 0. */
  value?: string | number;
  why: Partial<Record<Access, string>>;
}

const all = (why: string): Row['why'] => ({ outside: why, pid: why, command: why });
/** For what ends the process. */
const unlessStarted = (why: string): Row['why'] => ({
  outside: `${why}; give its --url and, after --, the command that starts it`,
  pid: `${why}; give the command after -- instead of --pid`,
});

const restarts: Row['why'] = {
  outside:
    'ssebench restarts only a server that it started; use --cut client, or give its --url and, after --, the command that starts it',
  pid: 'ssebench restarts only a server that it started; use --cut client, or give the command after -- instead of --pid',
};

const rows: readonly Row[] = [
  {
    option: 'quietStreams',
    why: all('only reference servers offer streams without events; leave it out'),
  },
  {
    option: 'bytes',
    why: all('only reference servers let ssebench choose the size of events; leave it out'),
  },
  {
    option: 'ticker',
    why: all('only reference servers let ssebench choose their timers; leave it out'),
  },
  {
    option: 'serverProcesses',
    why: all('only reference servers let ssebench choose their processes; leave it out'),
  },
  {
    option: 'eventsEach',
    why: all('only reference servers end their streams on request; leave it out'),
  },
  {
    option: 'interval',
    value: 0,
    why: all('only reference servers send at an unlimited rate on request; leave it out'),
  },
  {
    option: 'search',
    value: 'rate',
    why: all(
      'only reference servers let ssebench choose the rate; leave it out, or use --search streams',
    ),
  },
  {
    option: 'cut',
    value: 'end',
    why: {
      ...all(
        'only reference servers cut their streams on request; use --cut client, or --cut restart with -- and the command that starts the server',
      ),
      command:
        'only reference servers cut their streams on request; use --cut restart or --cut client',
    },
  },
  { option: 'cut', value: 'restart', why: restarts },
  { option: 'cut', value: 'crash', why: restarts },
  {
    option: 'grace',
    why: unlessStarted('ssebench sends SIGTERM only to a server that it started'),
  },
];

/** The access to the server of a command line, even if that server is refused for other reasons. */
export const accessInWords = (words: OptionWords, command: readonly string[]): Access =>
  command.length > 0 ? 'command' : words.pid === undefined ? 'outside' : 'pid';

/**
 * Complains about every option that servers do not support.
 *
 * @param accesses those of all servers of the user
 */
export function checkAccess(
  accesses: readonly Access[],
  values: Values,
  words: OptionWords,
  complain: Complain,
): void {
  const given = new Set(accesses);
  for (const { option, value, why } of rows) {
    if (value === undefined ? !values[option] : values[option] !== value) continue;
    const shown = asTyped(words, option);
    const reasons = [...given].flatMap((access) => why[access] ?? []);
    for (const reason of new Set(reasons)) complain(`${shown}: ${reason}`);
  }
}
