/** Complaints about options of a command line, in the words of a program. Pure. */
import { runOptions } from '../scenario/options.ts';
import { flagOf } from '../scenario/option.ts';
import { ownServerOptions } from '../scenario/own-servers/options.ts';
import { requestOptions } from '../scenario/request-words.ts';

const names = new Map<string, string>([
  ...Object.entries({ ...runOptions, ...requestOptions, ...ownServerOptions }).map(
    ([name, option]): [string, string] => [flagOf(option), name],
  ),
  ['--header', 'headers'],
  ['--cookie', 'cookies'],
  ...Object.entries({
    expect: 'expect',
    baseline: 'baseline',
    'save-baseline': 'saveBaseline',
    'fail-on': 'failOn',
    'allow-remote': 'allowRemote: true',
    anyway: 'anyway: true',
    'leak-check': 'leakCheck',
    'no-probe': 'probe: false',
    out: 'out',
    junit: 'junit',
    markdown: 'markdown',
  }).map(([flag, name]): [string, string] => [`--${flag}`, name]),
]);

/** An example of an option with its value at the end of a complaint. */
const example = /such as (--[a-z-]+) ('[^']*'|[^\s']+)$/;

const header = [
  /must be a name without spaces, a colon, (.*), such as headers: '([\w-]+): (.*)'$/,
  "must be a name without spaces, $1, such as headers: { $2: '$3' }",
] as const;
const cookie = [
  /must be a name, =, (.*), such as cookies: '(\w+)=(\w+)'$/,
  "must be a name, $1, such as cookies: { $2: '$3' }",
] as const;

/** `--quiet-streams 5: must be …` → `quietStreams 5: must be …` */
export function inProgramWords(complaint: string): string {
  return complaint
    .replace(
      example,
      (_, flag: string, value: string) => `such as ${nameOf(flag)}: ${quoted(value)}`,
    )
    .replaceAll(/(with|or) -- and the command that starts/g, '$1 the command that starts')
    .replaceAll(/--[a-z][a-z-]*/g, nameOf)
    .replace(...header)
    .replace(...cookie);
}

const nameOf = (flag: string): string => names.get(flag) ?? flag;
const quoted = (value: string): string => (/^\d+$|^'/.test(value) ? value : `'${value}'`);
