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
  }).map(([flag, name]): [string, string] => [`--${flag}`, name]),
]);

/** An example of an option with its value at the end of a complaint. */
const example = /such as (--[a-z-]+) ('[^']*'|[^\s']+)$/;

/** `--quiet-streams 5: must be …` → `quietStreams 5: must be …` */
export function inProgramWords(complaint: string): string {
  return complaint
    .replace(
      example,
      (_, flag: string, value: string) => `such as ${nameOf(flag)}: ${quoted(value)}`,
    )
    .replaceAll(/(with|or) -- and the command that starts/g, '$1 the command that starts')
    .replaceAll(/--[a-z][a-z-]*/g, nameOf);
}

const nameOf = (flag: string): string => names.get(flag) ?? flag;
const quoted = (value: string): string => (/^\d+$|^'/.test(value) ? value : `'${value}'`);
